package adapter;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.util.TimeValue;

/** What stands behind the adapter, over HTTP. The client is one that asks once and follows no redirect (R6). */
final class Application {
    private static final Logger LOG = System.getLogger("adapter.application");

    private final String url;
    private final ScheduledExecutorService clock;
    private final HttpClient client;

    /** @param clock ends what takes longer than it may */
    Application(String url, ScheduledExecutorService clock) {
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        // A server lets go of an idle connection after 5 s or more: none is written to that is being closed.
                        .setTimeToLive(TimeValue.ofSeconds(4))
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
                        .build())
                // An answer that comes before all of the request is sent is an answer.
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .responseOutOfOrderStrategy(MonitoringResponseOutOfOrderStrategy.INSTANCE)
                        .build());
        if (url.startsWith("http:")) { // to set up Java's TLS, which each client does, takes a tenth of a start
            connections.setTlsSocketStrategy((socket, target, port, attachment, context) -> {
                throw new IOException("no TLS");
            });
        }
        this.url = url;
        this.clock = clock;
        this.client = HttpClients.createMinimal(connections.build());
    }

    /** What a status of the application says of the message. */
    enum Meaning {
        ACCEPTED,
        /** R7 */
        REJECTED,
        /** R8 */
        FAILED;

        static Meaning of(int status) {
            if (status >= 200 && status < 300) {
                return ACCEPTED;
            }
            return status >= 400 && status < 500 && status != 408 && status != 429 ? REJECTED : FAILED;
        }
    }

    /** @param status 0 where the connection failed or the time limit passed */
    record Delivery(int status, Event answer) {
        Meaning meaning() {
            return Meaning.of(status);
        }
    }

    /** POSTs an event. Of the answer's body no more than maxBytes and one byte are read: what is longer fails the check. */
    Delivery deliver(Event event, Duration limit, int maxBytes) {
        HttpPost request = new HttpPost(url);
        event.httpHeaders().forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(event.body(), null));
        long start = System.nanoTime();
        try (Exchange exchange = ask(request, limit)) {
            return new Delivery(exchange.status(), Event.fromHttp(exchange.headers(), exchange.bytes(maxBytes + 1)));
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0} after {1} ms of {2}", e.getMessage(), (System.nanoTime() - start) / 1_000_000, limit.toMillis());
            return new Delivery(0, new Event(Map.of(), new byte[0]));
        }
    }

    /** Streams one item of a bundle from the application (C1), whose answer begins in time. Throws FileNotFoundException where it has none to give. */
    InputStream content(String id, int item, Duration limit) throws IOException {
        HttpGet request = new HttpGet(contentUrl(id, item));
        Exchange exchange = ask(request, limit);
        if (exchange.status() == 200) {
            exchange.limit().cancel(false);
            return new Stall(exchange.stream(), clock, request::abort);
        }
        exchange.close();
        throw Meaning.of(exchange.status()) == Meaning.FAILED
                ? new IOException("content: status " + exchange.status())
                : new FileNotFoundException();
    }

    /** Streams one item of a bundle to the application (C2). Content that is shorter or longer than announced fails. */
    Meaning stage(String id, int item, InputStream content, long length, Duration limit) throws IOException {
        HttpPut request = new HttpPut(contentUrl(id, item));
        try (Stall watched = new Stall(content, clock, request::abort)) {
            request.setEntity(new EntityTemplate(length, ContentType.APPLICATION_OCTET_STREAM, null, out -> {
                if (watched.transferTo(out) != length) {
                    throw new EOFException();
                }
            }));
            try (Exchange exchange = ask(request, limit)) {
                return Meaning.of(exchange.status());
            }
        }
    }

    private String contentUrl(String id, int item) {
        String escaped = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return url + "/content/" + escaped + "/" + item;
    }

    /** @param limit for all of the exchange */
    private Exchange ask(HttpUriRequestBase request, Duration limit) throws IOException {
        ScheduledFuture<?> end = clock.schedule(request::abort, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return new Exchange(request, client.executeOpen(RoutingSupport.determineHost(request), request, null), end);
        } catch (IOException | HttpException e) {
            end.cancel(false);
            throw new IOException("no answer: " + e.getClass().getSimpleName()); // whose own text could quote what was sent
        }
    }

    /** A request whose answer has begun. */
    private record Exchange(HttpUriRequestBase request, ClassicHttpResponse response, ScheduledFuture<?> limit) implements AutoCloseable {
        int status() {
            return response.getCode();
        }

        Map<String, List<String>> headers() {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (Header header : response.getHeaders()) {
                headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
            }
            return headers;
        }

        /** The body. To close it ends the exchange. */
        InputStream stream() throws IOException {
            InputStream body = response.getEntity() == null ? InputStream.nullInputStream() : response.getEntity().getContent();
            return new FilterInputStream(body) {
                @Override
                public void close() {
                    Exchange.this.close();
                }
            };
        }

        /** So much of the body at most; none where it breaks off: such an answer has its status, and no event. */
        byte[] bytes(int most) throws IOException {
            try {
                return stream().readNBytes(most);
            } catch (IOException e) {
                if (request.isAborted()) {
                    throw new IOException("no whole answer");
                }
                return new byte[0];
            }
        }

        /** What has not been read is not waited for; a connection whose answer was read is kept. */
        @Override
        public void close() {
            limit.cancel(false);
            request.abort();
        }
    }
}
