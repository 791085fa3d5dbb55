package adapter;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;

/**
 * Pulls from one consumer as many messages as there is room for (N4). Its subscription outlives each request, and is what a stop takes
 * back (L3): what comes late is still taken, where the library's own fetch would let it go, and it would count as an attempt.
 */
final class Puller implements Runnable {
    /** How long one request stays with the bus. */
    private static final Duration PULL_WAIT = Duration.ofMillis(500);

    /** A request of which nothing is heard for so long went with a connection. */
    private static final Duration LOST = PULL_WAIT.plusMillis(500);

    /** What the bus had sent before it was told of a stop has come by then. */
    private static final Duration DRAIN_WAIT = Duration.ofMillis(500);

    private static final Logger LOG = System.getLogger("adapter.pull");

    private final Bus bus;
    private final String consumer;
    private final String next;
    private final int limit;
    private final Semaphore room;
    private final BiConsumer<Message, Runnable> start;
    private volatile boolean stopped;
    private Connection connection;
    private Subscription replies;
    private String inbox;
    private long requests;

    /** @param start begins to work on a message, and calls what it is given once that is done */
    Puller(Bus bus, String stream, String consumer, int limit, BiConsumer<Message, Runnable> start) {
        this.bus = bus;
        this.consumer = consumer;
        this.next = "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer;
        this.limit = limit;
        this.room = new Semaphore(limit);
        this.start = start;
    }

    /** The bus sends no more; what it has sent already is still worked on. */
    synchronized void stop() {
        stopped = true;
        if (replies != null && connection.getStatus() == Connection.Status.CONNECTED) {
            try {
                replies.drain(DRAIN_WAIT);
            } catch (InterruptedException | RuntimeException e) {
                LOG.log(Level.WARNING, "{0}: the connection broke while stopping", consumer);
            }
        }
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                try {
                    pull();
                } catch (IOException | RuntimeException e) {
                    if (stopped) {
                        return; // all that came was taken
                    }
                    LOG.log(Level.WARNING, "{0}: {1}", consumer, e.getClass().getSimpleName());
                    Thread.sleep(Adapter.LOOK_AGAIN.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pull() throws IOException, InterruptedException {
        int free = room.tryAcquire(limit) ? limit : acquireSome();
        try {
            if (!subscribe()) {
                return;
            }
            String request = inbox + "." + ++requests;
            bus.say(next, request, null, "{\"batch\":%d,\"expires\":%d}".formatted(free, PULL_WAIT.toNanos()).getBytes());
            while (free > 0) {
                Message message = replies.nextMessage(LOST);
                if (message == null) {
                    return;
                }
                if (message.isStatusMessage()) {
                    if (message.getSubject().equals(request) && message.getStatus().getCode() != 100) {
                        pauseAfter(message.getStatus().getCode());
                        return;
                    }
                } else {
                    free--;
                    start.accept(message, room::release);
                }
            }
        } finally {
            room.release(free);
        }
    }

    private int acquireSome() throws InterruptedException {
        room.acquire();
        return 1 + room.drainPermits();
    }

    /** Any other than "no messages" and "expired" is trouble that passes: no such consumer, no leader, a server that stops. */
    private void pauseAfter(int status) throws InterruptedException {
        if (status != 404 && status != 408) {
            Thread.sleep(Adapter.LOOK_AGAIN.toMillis());
        }
    }

    /** False once it was stopped. */
    private synchronized boolean subscribe() throws IOException {
        Connection now = bus.connection();
        if (connection != now && !stopped) {
            inbox = now.createInbox();
            replies = now.subscribe(inbox + ".*");
            connection = now;
        }
        return !stopped;
    }
}
