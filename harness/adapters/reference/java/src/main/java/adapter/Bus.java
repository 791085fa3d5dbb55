package adapter;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The connection of one application, and what every pattern asks of it. */
final class Bus {
    /** Bounds one request to the bus that is not a publish. */
    static final Duration REQUEST_WAIT = Duration.ofSeconds(5);

    private static final Logger LOG = System.getLogger("adapter.bus");
    private static final Duration PUBLISH_WAIT = Duration.ofSeconds(2);
    private static final int PUBLISH_REPEATS = 3;
    private static final int NO_MESSAGE = 10037;

    /** Uses a connection. */
    interface Use<T> {
        T on(Connection connection) throws IOException, InterruptedException, JetStreamApiException, TimeoutException;
    }

    /** Reads a message of a stream. */
    interface Reading {
        MessageInfo of(JetStreamManagement management) throws IOException, JetStreamApiException;
    }

    private final String application;
    private final Options options;
    private final Use<JetStreamManagement> management =
            each(made -> made.jetStreamManagement(JetStreamOptions.builder().requestTimeout(REQUEST_WAIT).build()));
    private final List<Use<?>> subscriptions = new ArrayList<>();
    private volatile Connection connection;
    private volatile boolean closing;

    Bus(Settings settings) throws Misconfigured {
        application = settings.application();
        options = BusOptions.of(settings, this::wake);
    }

    String application() {
        return application;
    }

    /** L1: connects, and connects again, for ever. */
    void start() {
        Thread thread = new Thread(this::stayConnected, "bus");
        thread.setDaemon(true);
        thread.start();
    }

    /** The library itself connects again. It gives up where a server has refused the credentials twice: then it starts from the beginning. */
    private void stayConnected() {
        try {
            while (!closing) {
                try {
                    Connection made = Nats.connectReconnectOnConnect(options);
                    use(made);
                    awaitClosed(made);
                } catch (IOException | RuntimeException | JetStreamApiException | TimeoutException e) {
                    LOG.log(Level.WARNING, "no connection: {0}", e.getClass().getSimpleName());
                }
                Thread.sleep(BusOptions.RECONNECT_WAIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void use(Connection made) throws IOException, InterruptedException, JetStreamApiException, TimeoutException {
        for (Use<?> subscription : subscriptions) {
            subscription.on(made);
        }
        connection = made;
    }

    private synchronized void awaitClosed(Connection made) throws InterruptedException {
        while (made.getStatus() != Connection.Status.CLOSED) {
            wait();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    boolean connected() {
        Connection now = connection;
        return now != null && now.getStatus() == Connection.Status.CONNECTED;
    }

    /** Throws where there has been none yet. */
    Connection connection() throws IOException {
        Connection now = connection;
        if (now == null) {
            throw new IOException("not connected");
        }
        return now;
    }

    /** Subscribes, and does so again on a connection that takes this one's place. */
    synchronized <T> T subscribe(Use<T> subscription) throws IOException, InterruptedException, JetStreamApiException, TimeoutException {
        T made = subscription.on(connection());
        connection().flush(REQUEST_WAIT); // an error, or a denial, must not come later
        subscriptions.add(subscription);
        return made;
    }

    /** Something that the library makes of a connection, made again of the next one. */
    <T> Use<T> each(Use<T> make) {
        return new Use<>() {
            private Connection of;
            private T made;

            @Override
            public synchronized T on(Connection now) throws IOException, InterruptedException, JetStreamApiException, TimeoutException {
                if (of != now) {
                    made = make.on(now);
                    of = now;
                }
                return made;
            }
        };
    }

    /** Publishes without an acknowledgement. What is said while there is no connection waits for one. */
    void say(String subject, String replyTo, Headers headers, byte[] body) throws IOException {
        try {
            connection().publish(NatsMessage.builder().subject(subject).replyTo(replyTo).headers(headers).data(body).build());
        } catch (RuntimeException e) { // closed, or too much waits already
            throw new IOException(e.getClass().getSimpleName());
        }
    }

    void say(String subject, String body) throws IOException {
        say(subject, null, null, body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Publishes an event to its stream under its own id, and repeats without an acknowledgement; at most once is never repeated (S3).
     *
     * @param extra headers for the bus alone
     * @param unheard called after each publish without an acknowledgement: it may be stored
     */
    Published publish(Flow flow, Event event, String subject, Headers extra, Runnable unheard) throws InterruptedException {
        if (!connected()) {
            return Published.Unstored.NOT_CONNECTED;
        }
        Headers headers = event.natsHeaders().put("Nats-Msg-Id", event.messageId());
        extra.forEach(headers::put);
        return publish(subject, headers, event.body(), flow.terms().atMostOnce() ? 0 : PUBLISH_REPEATS, unheard);
    }

    private Published publish(String subject, Headers headers, byte[] body, int repeats, Runnable unheard) throws InterruptedException {
        for (int left = repeats; ; left--) {
            Published published = publishOnce(subject, headers, body);
            if (published != Published.Unstored.UNACKNOWLEDGED) {
                return published;
            }
            unheard.run();
            if (left == 0) {
                return published;
            }
        }
    }

    private Published publishOnce(String subject, Headers headers, byte[] body) throws InterruptedException {
        try {
            PublishAck acknowledgement = new PublishAck(request(subject, headers, body, PUBLISH_WAIT));
            return new Published.Acknowledged(acknowledgement.getSeqno(), acknowledgement.isDuplicate());
        } catch (JetStreamApiException e) {
            return new Published.Refused(e.getApiErrorCode());
        } catch (JetStreamStatusException e) {
            return Published.Unstored.NO_RESPONDER;
        } catch (IOException e) {
            return Published.Unstored.UNACKNOWLEDGED;
        }
    }

    /** Throws JetStreamStatusException where nobody responds, IOException without an answer. */
    private Message request(String subject, Headers headers, byte[] body, Duration wait) throws IOException, InterruptedException {
        try {
            return connection().requestWithTimeout(subject, headers, body, wait).get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JetStreamStatusException status) {
                throw status;
            }
            throw new IOException("no answer");
        } catch (TimeoutException | IllegalStateException e) { // given up, or closed
            throw new IOException("no answer");
        }
    }

    /** For streams and consumers, and for single messages of a stream. */
    JetStreamManagement management() throws IOException, InterruptedException, JetStreamApiException, TimeoutException {
        return management.on(connection());
    }

    /** A message that may not be there. */
    Optional<MessageInfo> read(Reading message) throws IOException, InterruptedException, JetStreamApiException, TimeoutException {
        try {
            return Optional.of(message.of(management()));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_MESSAGE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Reports an event: its attributes and a reason, without its body (R12). Waits until that is stored; false where it is not. */
    boolean notice(Event event, String reason) throws InterruptedException {
        Headers headers = new Headers();
        event.headers().forEach((name, value) -> {
            if (name.startsWith("ce-") && Event.visible(value)) {
                headers.put(name, value);
            }
        });
        headers.put("Reason", reason);
        Published published = publish("notice." + application, headers, new byte[0], PUBLISH_REPEATS, () -> {});
        if (published instanceof Published.Acknowledged) {
            return true;
        }
        LOG.log(Level.WARNING, "notice {0} not stored: {1}", reason, published);
        return false;
    }

    void close() throws InterruptedException {
        closing = true;
        Connection last = connection;
        if (last != null) {
            try {
                last.flush(Duration.ofSeconds(1));
            } catch (TimeoutException | RuntimeException e) {
                LOG.log(Level.WARNING, "the bus may not have heard all");
            }
            last.close();
        }
    }
}
