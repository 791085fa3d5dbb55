package adapter;

/** What became of a publish to a stream. */
sealed interface Published {

    /** @param duplicate whether the stream had the id already, under that sequence */
    record Acknowledged(long sequence, boolean duplicate) implements Published {}

    /** @param code JetStream's own */
    record Refused(int code) implements Published {}

    enum Unstored implements Published {
        NOT_CONNECTED, NO_RESPONDER,
        /** It may be stored. */
        UNACKNOWLEDGED
    }

    /** What the application is told of a publish that was not acknowledged (S1). */
    default Answer answer() {
        if (this instanceof Unstored unstored) {
            return switch (unstored) {
                case NOT_CONNECTED -> Answer.NOT_CONNECTED;
                case NO_RESPONDER -> Answer.NO_RESPONDER;
                case UNACKNOWLEDGED -> Answer.UNACKNOWLEDGED;
            };
        }
        return Answer.REFUSED;
    }
}
