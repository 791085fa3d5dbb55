package adapter;

import io.nats.client.Message;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A message that came from a stream, and what the bus is told of it (R6, R8, R9, R11). */
record InHand(Bus bus, Message message) {
    private static final Logger LOG = System.getLogger("adapter.receive");

    Event event() {
        return Event.fromNats(message);
    }

    void acknowledge() throws IOException {
        say("+ACK");
    }

    void terminate(String reason) throws IOException {
        say("+TERM " + reason);
    }

    void retry(Flow flow) throws IOException {
        Duration delay = flow.backoff(message.metaData().deliveredCount());
        say(delay.isZero() ? "-NAK" : "-NAK {\"delay\":" + delay.toNanos() + "}");
    }

    /** Tells the bus every half ack wait that the message is not forgotten, until closed. */
    Working keepWorking(ScheduledExecutorService clock, Duration ackWait) {
        long every = ackWait.toMillis() / 2;
        ScheduledFuture<?> ticking = clock.scheduleAtFixedRate(this::working, every, every, TimeUnit.MILLISECONDS);
        return () -> ticking.cancel(false);
    }

    interface Working extends AutoCloseable {
        @Override
        void close();
    }

    void working() {
        try {
            say("+WPI");
        } catch (IOException e) {
            LOG.log(Level.INFO, "the bus could not be told of work in hand");
        }
    }

    private void say(String word) throws IOException {
        bus.say(message.getReplyTo(), word);
    }
}
