package adapter;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.NUID;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes requests and waits for their replies: one subscription for all of them, with a token of this process, and a fresh last token
 * for each request (Q1).
 */
final class Asker implements Sender {
    private static final Logger LOG = System.getLogger("adapter.request");

    private final Context context;
    private final Flow flow;
    private final String prefix;
    private final Map<String, Asked> waiting = new ConcurrentHashMap<>();

    /** A request that waits. Its answer is taken once. */
    private record Asked(Event request, CompletableFuture<Answer> answer) {}

    Asker(Context context, Flow flow, String inboxPrefix) {
        this.context = context;
        this.flow = flow;
        this.prefix = inboxPrefix + ".reply." + NUID.nextGlobal() + ".";
    }

    @Override
    public void open() throws Exception {
        context.bus().subscribe(connection -> {
            Dispatcher dispatcher = connection.createDispatcher(this::receive);
            return dispatcher.subscribe(prefix + "*");
        });
    }

    @Override
    public Answer send(Event event) throws Exception {
        Prepared prepared = Prepared.of(flow, event);
        if (prepared.refusal().isPresent()) {
            return prepared.refusal().get();
        }
        if (!context.bus().connected()) {
            return Answer.NOT_CONNECTED;
        }
        String token = NUID.nextGlobal();
        Asked asked = new Asked(event, new CompletableFuture<>());
        waiting.put(token, asked);
        try {
            context.bus().say(prepared.subject(), prefix + token, event.natsHeaders(), event.body());
            Duration left = Duration.between(Instant.now(), event.expiry().orElse(Instant.now()));
            return asked.answer.get(Math.max(left.toMillis(), 1), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Answer.NO_REPLY;
        } finally {
            waiting.remove(token);
        }
    }

    private void receive(Message message) {
        Asked asked = waiting.get(message.getSubject().substring(prefix.length()));
        if (message.isStatusMessage()) {
            if (message.getStatus().getCode() == 503 && asked != null) { // Q2
                asked.answer.complete(Answer.NO_RESPONDER);
            }
            return;
        }
        context.workers().execute(() -> take(asked, Event.fromNats(message)));
    }

    /** Q3: of a reply that is not for the application there is a notice, and the asker waits on. */
    private void take(Asked asked, Event reply) {
        String wrong = wrong(asked, reply);
        if (wrong.isEmpty()) {
            asked.answer.complete(Answer.of(reply));
            return;
        }
        try {
            context.bus().notice(reply, wrong);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String wrong(Asked asked, Event reply) {
        if (asked == null) {
            return "late";
        }
        if (!asked.request.id().equals(reply.headers().get("ce-causationid"))) {
            return "misdirected";
        }
        Check.Outcome outcome = Check.of(flow, reply);
        if (outcome instanceof Check.Sound) {
            return "";
        }
        LOG.log(Level.INFO, "{0}: a reply: {1}", flow.channel(), outcome);
        return "invalid";
    }
}
