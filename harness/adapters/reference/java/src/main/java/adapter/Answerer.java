package adapter;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes requests in a queue group of all instances: one reply or one refusal each, no retry (N5). */
final class Answerer implements End {
    private static final Logger LOG = System.getLogger("adapter.request");
    private static final Duration DRAIN_WAIT = Duration.ofSeconds(2);

    private final Context context;
    private final Flow flow;
    private volatile Dispatcher dispatcher;

    Answerer(Context context, Flow flow) {
        this.context = context;
        this.flow = flow;
    }

    @Override
    public void open() throws Exception {
        context.bus().subscribe(connection -> {
            dispatcher = connection.createDispatcher(message -> context.workers().execute(() -> answer(message)));
            return dispatcher.subscribe(flow.wildcard(), context.name());
        });
    }

    /** Takes no more requests; those that the bus has sent already are answered. */
    @Override
    public void awaitStopped(Deadline deadline) throws InterruptedException {
        if (dispatcher != null && context.bus().connected()) {
            try {
                dispatcher.drain(DRAIN_WAIT).get(deadline.leftMs(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                LOG.log(Level.WARNING, "{0}: the connection broke while stopping", flow.channel());
            }
        }
    }

    private void answer(Message message) {
        try {
            Event request = Event.fromNats(message);
            if (request.expired()) { // Q4
                context.bus().notice(request, "expired");
                return;
            }
            Optional<Event> reply = replyTo(request);
            if (reply.isPresent() && message.getReplyTo() != null) {
                context.bus().say(message.getReplyTo(), null, reply.get().natsHeaders(), reply.get().body());
            }
        } catch (Exception e) {
            LOG.log(Level.WARNING, "{0}: not answered: {1}", flow.channel(), e.getClass().getSimpleName());
        }
    }

    private Optional<Event> replyTo(Event request) throws Exception {
        if (!sound(request)) {
            return refusal(request, "invalid");
        }
        Duration left = Duration.between(Instant.now(), request.expiry().orElse(Instant.now()));
        Application.Delivery delivery = context.application().deliver(request, left, flow.terms().maxBytes()); // Q5
        if (delivery.meaning() == Application.Meaning.REJECTED) {
            return refusal(request, "rejected");
        }
        if (delivery.status() != 200 || !delivery.answer().isEvent()) {
            return refusal(request, "unavailable");
        }
        return sound(delivery.answer()) ? Optional.of(delivery.answer()) : refusal(request, "invalid");
    }

    private boolean sound(Event event) {
        Check.Outcome outcome = Check.of(flow, event);
        if (outcome instanceof Check.Sound) {
            return true;
        }
        LOG.log(Level.INFO, "{0}: {1}", flow.channel(), outcome);
        return false;
    }

    private Optional<Event> refusal(Event request, String reason) throws Exception {
        return Refusal.of(flow, flow.terms().refusal(), context.name(), request, reason);
    }
}
