package adapter;

import java.util.Optional;

/** What the application is told of its POST (S1): a status, and `stored`, `reply` or the last part of a problem type. */
record Answer(int status, String reason, Optional<Event> reply) {
    static final Answer STORED = new Answer(202, "stored");
    static final Answer CONFLICT = new Answer(409, "conflict");
    static final Answer CONFLICT_UNKNOWN = new Answer(409, "conflict-unknown");
    static final Answer SUPERSEDED = new Answer(409, "superseded");
    static final Answer TOO_LARGE = new Answer(413, "too-large");
    static final Answer WRONG_MODE = new Answer(415, "wrong-mode");
    static final Answer INVALID = new Answer(422, "invalid");
    static final Answer UNKNOWN_TYPE = new Answer(422, "unknown-type");
    static final Answer EXPIRED = new Answer(422, "expired");
    static final Answer CONTENT = new Answer(422, "content");
    static final Answer UNAVAILABLE = new Answer(503, "unavailable");
    static final Answer NOT_CONNECTED = new Answer(503, "not-connected");
    static final Answer NO_RESPONDER = new Answer(503, "no-responder");
    static final Answer REFUSED = new Answer(503, "refused");
    static final Answer UNACKNOWLEDGED = new Answer(504, "unacknowledged");
    static final Answer NO_REPLY = new Answer(504, "no-reply");

    private Answer(int status, String reason) {
        this(status, reason, Optional.empty());
    }

    static Answer of(Event reply) {
        return new Answer(200, "reply", Optional.of(reply));
    }
}
