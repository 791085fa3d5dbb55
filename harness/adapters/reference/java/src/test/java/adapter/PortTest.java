package adapter;

import static adapter.Sample.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortTest {
    private static final Map<String, Integer> ASKED = new ConcurrentHashMap<>();
    private static final AtomicReference<byte[]> PUT = new AtomicReference<>();
    private static final CountDownLatch HANG = new CountDownLatch(1);
    private static final ScheduledThreadPoolExecutor CLOCK = Adapter.newClock();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static HttpServer server;
    private static String url;

    @BeforeAll
    static void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            ASKED.merge(path, 1, Integer::sum);
            switch (path) {
                case "/moved" -> {
                    exchange.getResponseHeaders().set("Location", "/ok");
                    exchange.sendResponseHeaders(307, -1);
                }
                case "/slow" -> awaitQuietly(HANG);
                case "/stops" -> {
                    exchange.sendResponseHeaders(200, 50);
                    exchange.getResponseBody().write(new byte[10]);
                    exchange.getResponseBody().flush();
                    awaitQuietly(HANG);
                }
                case "/long" -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write(new byte[1000]);
                }
                case "/endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    while (HANG.getCount() > 0) {
                        exchange.getResponseBody().write(new byte[1000]);
                    }
                }
                case "/content/t1/0" -> {
                    PUT.set(exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(204, -1);
                }
                case "/gone" -> {}
                default -> exchange.sendResponseHeaders(200, -1);
            }
            exchange.close();
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterAll
    static void stop() {
        HANG.countDown();
        CLOCK.shutdown();
        server.stop(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource({"/ok, 200", "/moved, 307", "/slow, 0", "/gone, 0", "/long, 200", "/endless, 200", "/stops, 0"})
    void theApplicationIsAskedOnceAndInTime(String path, int status) {
        Duration limit = path.startsWith("/s") ? Duration.ofMillis(200) : LONG;
        Application.Delivery delivery = new Application(url + path, CLOCK).deliver(task(), limit, 100);
        assertEquals(status, delivery.status());
        assertTrue(delivery.answer().body().length <= 101);
        assertEquals(1, ASKED.get(path));
    }

    @ParameterizedTest
    @CsvSource({
        "200, ACCEPTED", "202, ACCEPTED", "204, ACCEPTED", "299, ACCEPTED", "400, REJECTED", "404, REJECTED", "409, REJECTED", "499, REJECTED",
        "0, FAILED", "199, FAILED", "302, FAILED", "408, FAILED", "429, FAILED", "500, FAILED", "503, FAILED"
    })
    void whatAnAnswerOfTheApplicationMeans(int status, Application.Meaning meaning) {
        assertEquals(meaning, Application.Meaning.of(status));
    }

    @Test
    void contentArrivesWhole() throws Exception {
        byte[] content = new byte[300_000];
        content[299_999] = 7;
        Application application = new Application(url, CLOCK);
        assertEquals(Application.Meaning.ACCEPTED, application.stage("t1", 0, new ByteArrayInputStream(content), content.length, LONG));
        assertEquals(300_000, PUT.get().length);
        assertEquals(7, PUT.get()[299_999]);
        assertTrue(CLOCK.getQueue().isEmpty()); // nothing holds on to an exchange that is over
    }

    @Test
    void contentThatBreaksOffIsNoContent() {
        ByteArrayInputStream shorter = new ByteArrayInputStream(new byte[10]);
        assertThrows(IOException.class, () -> new Application(url, CLOCK).stage("t1", 1, shorter, 20, LONG));
    }

    @Test
    void anAnswerThatDoesNotWaitForAllOfTheContentIsAnAnswer() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (ServerSocket hasty = new ServerSocket(0)) {
            Thread answering = new Thread(() -> {
                try (Socket socket = hasty.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream().write("HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n".getBytes());
                    answered.countDown();
                    awaitQuietly(HANG);
                } catch (IOException e) {
                    // the client has gone
                }
            });
            answering.start();
            Application application = new Application("http://127.0.0.1:" + hasty.getLocalPort(), CLOCK);
            int length = 100_000_000;
            InputStream content = new InputStream() {
                private int read;

                @Override
                public int read() {
                    if (read == 100_000) {
                        awaitQuietly(answered);
                    }
                    return read++ < length ? 0 : -1;
                }
            };
            assertEquals(Application.Meaning.REJECTED, application.stage("t1", 0, content, length, LONG));
        }
    }

    @Test
    void beforeAllIsOpenEventsAreRefused() throws Exception {
        Settings settings = Settings.of(Map.of(
                "CONTRACT", "src/test/resources/contract/asyncapi.yaml", "APPLICATION", "giver", "APPLICATION_URL", url, "LISTEN_PORT", "0",
                "BUS_URL", "nats://127.0.0.1:1", "INBOX_PREFIX", "_INBOX"));
        Adapter adapter = new Adapter(settings, Contract.read(settings.contract()));
        Port port = new Port(0, 100, adapter);
        try {
            assertEquals(503, asked(port, "GET", "/health", "").statusCode());
            assertEquals(404, asked(port, "GET", "/other", "").statusCode());
            assertEquals(404, asked(port, "PUT", "/", "").statusCode());
            HttpResponse<String> structured = asked(port, "POST", "/", "application/cloudevents+json");
            assertEquals(415, structured.statusCode());
            assertEquals("application/problem+json", structured.headers().firstValue("Content-Type").orElse(""));
            assertEquals("{\"type\":\"urn:busworthy:wrong-mode\",\"status\":415}", structured.body());
            assertEquals(503, asked(port, "POST", "/", "application/json").statusCode());
        } finally {
            port.refuse();
            assertEquals(503, asked(port, "POST", "/", "application/json").statusCode());
            port.close(Deadline.in(Duration.ofSeconds(5)));
        }
    }

    private static HttpResponse<String> asked(Port port, String method, String path, String type) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.number() + path))
                .method(method, HttpRequest.BodyPublishers.ofString("{}".repeat(1000)));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
