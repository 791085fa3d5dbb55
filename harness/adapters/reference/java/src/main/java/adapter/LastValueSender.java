package adapter;

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.Optional;

/** Publishes over an older value only (S7). */
final class LastValueSender extends StreamSender {
    /** A publish that so often loses the race for its subject gives up. */
    private static final int ROUNDS = 10;

    private static final int WRONG_LAST_SEQUENCE = 10071;

    LastValueSender(Context context, Flow flow) {
        super(context, flow);
    }

    @Override
    protected Answer store(Event event, String subject) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<MessageInfo> last = context.bus().read(management -> management.getLastMessage(flow.terms().stream(), subject));
            if (last.isPresent()) {
                Event known = eventIn(last.get());
                if (known.messageId().equals(event.messageId())) {
                    return answerAgainst(event, known);
                }
                if (!event.time().orElse(Instant.MIN).isAfter(known.time().orElse(Instant.MIN))) {
                    return Answer.SUPERSEDED;
                }
            }
            long sequence = last.map(MessageInfo::getSeq).orElse(0L);
            Headers expected = new Headers().put("Nats-Expected-Last-Subject-Sequence", Long.toString(sequence));
            Published published = publish(event, subject, expected);
            if (!(published instanceof Published.Refused refused && refused.code() == WRONG_LAST_SEQUENCE)) {
                return answer(event, published);
            }
        }
        return Answer.UNAVAILABLE;
    }
}
