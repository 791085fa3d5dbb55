package adapter;

import java.util.Optional;

/** The end of an application that sends, or asks. */
interface Sender extends End {
    Answer send(Event event) throws Exception;

    /** An event that passed the check, and its subject; or the answer that refuses it. */
    record Prepared(String subject, Optional<Answer> refusal) {
        private static Prepared refused(Answer answer) {
            return new Prepared("", Optional.of(answer));
        }

        /** Before anything leaves. */
        static Prepared of(Flow flow, Event event) {
            Check.Outcome outcome = Check.of(flow, event);
            if (outcome instanceof Check.TooLarge) {
                return refused(Answer.TOO_LARGE);
            }
            if (!(outcome instanceof Check.Sound sound)) {
                return refused(Answer.INVALID);
            }
            if (event.expired()) { // S5
                return refused(Answer.EXPIRED);
            }
            return Subject.of(flow, event, sound.payload())
                    .map(subject -> new Prepared(subject, Optional.empty()))
                    .orElse(refused(Answer.INVALID));
        }
    }
}
