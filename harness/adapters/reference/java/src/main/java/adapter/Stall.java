package adapter;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Gives up content that stands still on its way. */
final class Stall extends FilterInputStream {
    private static final long WAIT_SECONDS = 30;

    private final ScheduledFuture<?> watch;
    private volatile long moved = System.nanoTime();

    /** @param giveUp called, again and again, once nothing has been read for so long */
    Stall(InputStream content, ScheduledExecutorService clock, Runnable giveUp) {
        super(content);
        watch = clock.scheduleAtFixedRate(() -> look(giveUp), 1, 1, TimeUnit.SECONDS);
    }

    private void look(Runnable giveUp) {
        if (System.nanoTime() - moved > TimeUnit.SECONDS.toNanos(WAIT_SECONDS)) {
            giveUp.run();
        }
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        moved = System.nanoTime();
        return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        moved = System.nanoTime();
        return count;
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        super.close();
    }
}
