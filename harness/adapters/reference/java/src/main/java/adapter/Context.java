package adapter;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What every end of a flow works with.
 *
 * @param workers work on what comes from the bus, a thread for each message in hand
 * @param clock for what is to be done in time
 */
record Context(Bus bus, Application application, Contract contract, ExecutorService workers, ScheduledExecutorService clock) {
    String name() {
        return bus.application();
    }
}
