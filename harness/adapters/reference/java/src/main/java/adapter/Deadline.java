package adapter;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Until when something is to be done. */
record Deadline(long nanoTime) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** 0 once it has passed. */
    long leftMs() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime()));
    }
}
