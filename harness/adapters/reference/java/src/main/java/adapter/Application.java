package adapter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What stands behind the adapter, over HTTP. */
final class Application {
    private static final Logger LOG = System.getLogger("adapter.application");

    private final String url;
    private final HttpClient client;

    Application(String url) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER); // R6
        this.url = url;
        this.client = url.startsWith("http:") ? builder.sslContext(new NoTls()).build() : builder.build();
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
    Delivery deliver(Event event, Duration limit, int maxBytes) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofByteArray(event.body()));
        event.httpHeaders().forEach(request::header);
        long start = System.nanoTime();
        try {
            HttpResponse<byte[]> response = within(limit, client.sendAsync(request.build(), info -> new UpTo(maxBytes + 1)));
            return new Delivery(response.statusCode(), Event.fromHttp(response.headers().map(), response.body()));
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0} after {1} ms of {2}", e.getMessage(), (System.nanoTime() - start) / 1_000_000, limit.toMillis());
            return new Delivery(0, new Event(Map.of(), new byte[0]));
        }
    }

    /** Streams one item of a bundle from the application (C1). Throws FileNotFoundException where it has none to give. */
    InputStream content(String id, int item, Duration limit) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(contentUrl(id, item)).GET().build();
        HttpResponse<InputStream> response = within(limit, client.sendAsync(request, BodyHandlers.ofInputStream()));
        if (response.statusCode() == 200) {
            return response.body();
        }
        response.body().close();
        throw Meaning.of(response.statusCode()) == Meaning.FAILED
                ? new IOException("content: status " + response.statusCode())
                : new FileNotFoundException();
    }

    /** Streams one item of a bundle to the application (C2). Content that breaks off is shorter than announced, and fails. */
    CompletableFuture<HttpResponse<Void>> stage(String id, int item, InputStream content, long length) {
        HttpRequest.BodyPublisher body = length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> content), length);
        HttpRequest request =
                HttpRequest.newBuilder(contentUrl(id, item)).PUT(body).header("Content-Type", "application/octet-stream").build();
        return client.sendAsync(request, BodyHandlers.discarding());
    }

    private URI contentUrl(String id, int item) {
        String escaped = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return URI.create(url + "/content/" + escaped + "/" + item);
    }

    /** The request is given up where it takes longer: the client's own limit ends with the headers. */
    static <T> T within(Duration limit, CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            String what = e.getCause() == null ? e.getClass().getSimpleName() : e.getCause().getClass().getSimpleName();
            throw new IOException("no answer: " + what); // whose own text could quote what was sent
        } finally {
            answer.cancel(true);
        }
    }
}
