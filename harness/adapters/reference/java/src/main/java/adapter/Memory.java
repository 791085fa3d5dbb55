package adapter;

import java.util.Map;

/** The events that were accepted while this adapter lived: source and id, with a digest of type and body. */
final class Memory {
    enum Recollection { UNKNOWN, SAME, OTHER }

    private final Map<String, String> digests = Lru.map();

    void remember(Event event) {
        digests.put(event.messageId(), event.digest());
    }

    Recollection recall(Event event) {
        String digest = digests.get(event.messageId());
        if (digest == null) {
            return Recollection.UNKNOWN;
        }
        return digest.equals(event.digest()) ? Recollection.SAME : Recollection.OTHER;
    }
}
