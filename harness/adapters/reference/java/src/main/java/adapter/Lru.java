package adapter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was used last, up to a limit. */
final class Lru {
    /** How many events are remembered; the oldest go first (R3). */
    static final int LIMIT = 10_000;

    private Lru() {}

    static <K, V> Map<K, V> map() {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > LIMIT;
            }
        });
    }
}
