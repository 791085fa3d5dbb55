package adapter;

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.util.Optional;

/** Sends to a stream (S3, S4). What is a pattern's own stands in its subclass. */
class StreamSender implements Sender {
    protected final Context context;
    protected final Flow flow;
    protected final Memory memory = new Memory();

    StreamSender(Context context, Flow flow) {
        this.context = context;
        this.flow = flow;
    }

    @Override
    public void open() throws Exception {
        context.bus().management().getStreamInfo(flow.terms().stream());
    }

    @Override
    public final Answer send(Event event) throws Exception {
        Prepared prepared = Prepared.of(flow, event);
        if (prepared.refusal().isPresent()) {
            return prepared.refusal().get();
        }
        Answer answer = store(event, prepared.subject());
        if (answer == Answer.STORED) {
            memory.remember(event);
        }
        return answer;
    }

    protected Answer store(Event event, String subject) throws Exception {
        return answer(event, publish(event, subject, new Headers()));
    }

    protected final Published publish(Event event, String subject, Headers extra) throws InterruptedException {
        return context.bus().publish(flow, event, subject, extra, () -> {
            // It may be what the bus knows already, when it is repeated (S4).
            if (memory.recall(event) == Memory.Recollection.UNKNOWN) {
                memory.remember(event);
            }
        });
    }

    protected final Answer answer(Event event, Published published) throws Exception {
        if (published instanceof Published.Acknowledged stored) {
            return stored.duplicate() ? answerDuplicate(event, stored.sequence()) : Answer.STORED;
        }
        return published.answer();
    }

    /** Compares the event with what the stream holds under its id (S4). */
    private Answer answerDuplicate(Event event, long sequence) throws Exception {
        if (!flow.soleProvider(context.name())) {
            return answerFromMemory(event);
        }
        Optional<MessageInfo> known = context.bus().read(management -> management.getMessage(flow.terms().stream(), sequence));
        return known.isPresent() ? answerAgainst(event, eventIn(known.get())) : answerFromMemory(event);
    }

    protected static Event eventIn(MessageInfo stored) {
        return Event.fromNats(stored.getHeaders(), stored.getData());
    }

    protected final Answer answerAgainst(Event event, Event known) throws InterruptedException {
        return event.digest().equals(known.digest()) ? Answer.STORED : raiseConflict(event);
    }

    private Answer answerFromMemory(Event event) throws InterruptedException {
        return switch (memory.recall(event)) {
            case SAME -> Answer.STORED;
            case OTHER -> raiseConflict(event);
            case UNKNOWN -> Answer.CONFLICT_UNKNOWN;
        };
    }

    protected final Answer raiseConflict(Event event) throws InterruptedException {
        context.bus().notice(event, "conflict"); // logged there; the application hears of the conflict in any case
        return Answer.CONFLICT;
    }
}
