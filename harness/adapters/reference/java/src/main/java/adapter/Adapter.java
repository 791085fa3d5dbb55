package adapter;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Stands for one application, in every operation that names it. */
final class Adapter {
    /** Between two looks for what is not there yet. */
    static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final Logger LOG = System.getLogger("adapter");

    private final String application;
    private final Contract contract;
    private final Bus bus;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = newClock();
    private final Map<String, End> ends = new HashMap<>(); // by channel: nobody both sends and receives on one
    private final Map<String, Sender> senders = new HashMap<>(); // by ce-type
    private final List<Thread> opening = new ArrayList<>();
    private final CountDownLatch toOpen;
    private volatile boolean stopping;

    Adapter(Settings settings, Contract contract) throws Misconfigured {
        bus = new Bus(settings);
        Context context = new Context(bus, new Application(settings.applicationUrl(), clock), contract, workers, clock);
        for (Flow flow : contract.flows().values()) {
            if (flow.senders().contains(settings.application())) {
                Sender sender = sender(context, flow, settings.inboxPrefix());
                ends.put(flow.channel(), sender);
                flow.messages().keySet().forEach(type -> senders.put(type, sender));
            } else if (flow.receivers().contains(settings.application())) {
                ends.put(flow.channel(), receiver(context, flow));
            }
        }
        if (ends.isEmpty()) {
            throw new Misconfigured("no operation of " + settings.contract() + " names the application " + settings.application());
        }
        application = settings.application();
        this.contract = contract;
        toOpen = new CountDownLatch(ends.size() + 1);
    }

    private static Sender sender(Context context, Flow flow, String inboxPrefix) {
        return switch (flow.terms().pattern()) {
            case "request-reply" -> new Asker(context, flow, inboxPrefix);
            case "last-value" -> new LastValueSender(context, flow);
            case "claim-check" -> new ClaimCheckSender(context, flow);
            default -> new StreamSender(context, flow);
        };
    }

    private static End receiver(Context context, Flow flow) {
        return switch (flow.terms().pattern()) {
            case "request-reply" -> new Answerer(context, flow);
            case "last-value" -> new LastValueReceiver(context, flow);
            case "claim-check" -> new ClaimCheckReceiver(context, flow);
            case "ordered-stream" -> new OrderedReceiver(context, flow);
            default -> new Receiver(context, flow);
        };
    }

    /** Forgets at once what is cancelled: a time limit would hold on to its request, and to what that carries, until it is over. */
    static ScheduledThreadPoolExecutor newClock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, Adapter::daemon);
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "clock");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Opens every end, each as soon as what it needs on the bus is there, however long that takes (L1).
     *
     * @param port its own
     */
    void start(int port) throws InterruptedException {
        bus.start();
        ends.forEach((channel, end) -> {
            Thread thread = new Thread(() -> untilOpen(channel, end), "open " + channel);
            opening.add(thread);
            thread.start();
        });
        WarmUp.run(contract.flows().values().stream().filter(flow -> flow.performedBy(application)), port, clock);
        toOpen.countDown();
    }

    private void untilOpen(String channel, End end) {
        try {
            while (!stopping) {
                try {
                    end.open();
                    toOpen.countDown();
                    return;
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) { // not there, no leader yet, not connected
                    if (bus.connected()) {
                        LOG.log(Level.INFO, "{0}: not ready: {1}", channel, e.getClass().getSimpleName());
                    }
                    Thread.sleep(LOOK_AGAIN.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean healthy() {
        return open() && bus.connected();
    }

    private boolean open() {
        return toOpen.getCount() == 0;
    }

    /** Gives an event from the application to the flow that has its type. */
    Answer send(Event event) {
        if (!open()) {
            return Answer.UNAVAILABLE;
        }
        Sender sender = senders.get(event.type());
        if (sender == null) {
            return Answer.UNKNOWN_TYPE;
        }
        try {
            return sender.send(event);
        } catch (Exception e) {
            LOG.log(Level.WARNING, "sending failed: {0}", e.getClass().getSimpleName());
            return Answer.UNAVAILABLE; // the outcome is unknown
        }
    }

    /** Takes no more from the bus. What is in hand goes on, and replies to what was asked are still heard. */
    void takeNoMore(Deadline deadline) throws InterruptedException {
        stopping = true;
        for (Thread thread : opening) {
            thread.join();
        }
        for (End end : ends.values()) {
            end.stop();
        }
        for (End end : ends.values()) {
            end.awaitStopped(deadline);
        }
    }

    /** Waits until nothing that came from the bus is in hand. */
    void finish(Deadline deadline) throws InterruptedException {
        workers.shutdown();
        if (!workers.awaitTermination(deadline.leftMs(), TimeUnit.MILLISECONDS)) {
            LOG.log(Level.WARNING, "some messages are in hand still: the bus delivers them again");
        }
    }

    void close() throws InterruptedException {
        bus.close();
    }
}
