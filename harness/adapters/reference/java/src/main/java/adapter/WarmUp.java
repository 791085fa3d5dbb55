package adapter;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/**
 * Walks the ways of an event once before the adapter says that it is healthy: what Java loads and compiles on first use would else be on the
 * first event's time, which on a busy machine is more than an acknowledgement may take.
 */
final class WarmUp {
    private static final Logger LOG = System.getLogger("adapter");

    private WarmUp() {}

    /** @param port the adapter's own, which is asked in the application's place */
    static void run(Stream<Flow> flows, int port, ScheduledExecutorService clock) {
        long start = System.nanoTime();
        Event nothing = new Event(Map.of("ce-datacontenttype", "application/cloudevents+json"), "{}".getBytes());
        flows.forEach(flow -> {
            Stream.concat(flow.messages().values().stream(), flow.replies().values().stream()).forEach(message -> {
                message.headers().fault(Json.NODES.objectNode());
                message.payload().fault(Json.parse(nothing.body()).orElseThrow());
            });
            Subject.of(flow, nothing, Json.NODES.objectNode());
        });
        nothing.digest();
        new Application("http://127.0.0.1:" + port, clock).deliver(nothing, Duration.ofSeconds(10), 1000); // answered 415
        LOG.log(Level.INFO, "warm after {0} ms", (System.nanoTime() - start) / 1_000_000);
    }
}
