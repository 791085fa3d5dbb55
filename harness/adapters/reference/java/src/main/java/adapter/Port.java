package adapter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The HTTP side that the application speaks to: POST / and GET /health. */
final class Port {
    private static final Logger LOG = System.getLogger("adapter.port");

    private final HttpServer server;
    private final ExecutorService requests = Executors.newCachedThreadPool();
    private final int largestBody;
    private final Adapter adapter;
    private volatile boolean refusing;

    Port(int port, int largestBody, Adapter adapter) throws Misconfigured {
        this.largestBody = largestBody;
        this.adapter = adapter;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 128);
        } catch (IOException e) {
            throw new Misconfigured("port " + port + ": " + e.getMessage());
        }
        server.setExecutor(requests);
        server.createContext("/", this::answer);
        server.start();
    }

    int number() {
        return server.getAddress().getPort();
    }

    /** Takes no more events (L3). */
    void refuse() {
        refusing = true;
    }

    /** Once those in hand are answered, as far as there is time. */
    void close(Deadline deadline) throws InterruptedException {
        requests.shutdown();
        if (!requests.awaitTermination(deadline.leftMs(), TimeUnit.MILLISECONDS)) {
            LOG.log(Level.WARNING, "some requests of the application are unanswered");
        }
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "POST /" -> post(exchange);
                case "GET /health" -> exchange.sendResponseHeaders(adapter.healthy() && !refusing ? 200 : 503, -1); // L2
                default -> exchange.sendResponseHeaders(404, -1);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no answer: {0}", e.getClass().getSimpleName());
        }
    }

    /** Takes an event from the application. What has begun is finished though the application hangs up (S6). */
    private void post(HttpExchange exchange) throws IOException {
        byte[] body;
        try (InputStream request = exchange.getRequestBody()) {
            body = request.readNBytes(largestBody + 1);
            request.transferTo(OutputStream.nullOutputStream()); // an application that is still sending would not hear an answer
        }
        if (Event.structured(exchange.getRequestHeaders().getFirst("Content-Type"))) { // E4
            write(exchange, Answer.WRONG_MODE);
        } else if (refusing) {
            write(exchange, Answer.UNAVAILABLE);
        } else {
            write(exchange, adapter.send(Event.fromHttp(exchange.getRequestHeaders(), body)));
        }
    }

    /** All but 200 and 202 as a problem without content (S2). */
    private static void write(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = new byte[0];
        if (answer.reply().isPresent()) {
            answer.reply().get().httpHeaders().forEach(exchange.getResponseHeaders()::set);
            body = answer.reply().get().body();
        } else if (answer.status() != 202) {
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
            body = "{\"type\":\"urn:busworthy:%s\",\"status\":%d}".formatted(answer.reason(), answer.status()).getBytes(StandardCharsets.UTF_8);
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
