package adapter;

import io.nats.client.impl.Headers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the messages of one flow from the application's consumers, step by step. What is a pattern's own stands in its subclass. */
class Receiver implements End {
    private static final Logger LOG = System.getLogger("adapter.receive");

    /** How many messages one consumer has in hand where order does not matter; a partition has 1. */
    private static final int IN_HAND = 16;

    protected final Context context;
    protected final Flow flow;
    private final Memory memory = new Memory();
    private final Lanes lanes = new Lanes();
    private final List<Puller> pullers = new ArrayList<>();
    private final List<Thread> pulling = new ArrayList<>();

    Receiver(Context context, Flow flow) {
        this.context = context;
        this.flow = flow;
    }

    /** R4, R5: what the application is not to see. */
    protected Optional<Settlement> admit(Event event) throws Exception {
        return Optional.empty();
    }

    /** C2: what comes before the POST. */
    protected Optional<Settlement> stage(Event event) throws Exception {
        return Optional.empty();
    }

    /** Whether staging may take longer than an ack wait. */
    protected boolean takesLong() {
        return false;
    }

    /** R4: what comes after 2xx, before the acknowledgement. */
    protected void accepted(Event event, boolean again) throws Exception {}

    /** Besides its id, what the event must not overtake another of. */
    protected List<String> lanesOf(Event event) {
        return List.of();
    }

    @Override
    public void open() throws Exception {
        String stream = flow.terms().stream();
        List<String> consumers = flow.consumers(context.name());
        for (String consumer : consumers) {
            context.bus().management().getConsumerInfo(stream, consumer);
        }
        for (String consumer : consumers) {
            Puller puller = new Puller(context.bus(), stream, consumer, flow.terms().partitions() > 0 ? 1 : IN_HAND, (message, done) -> {
                InHand inHand = new InHand(context.bus(), message);
                Event event = inHand.event();
                Lanes.Place place = lanes.enter(namesOf(event)); // here, in the order in which they came
                context.workers().execute(() -> work(inHand, event, place, done));
            });
            pullers.add(puller);
            Thread thread = new Thread(puller, "pull " + consumer);
            pulling.add(thread);
            thread.start();
        }
    }

    @Override
    public void stop() {
        pullers.forEach(Puller::stop);
    }

    @Override
    public void awaitStopped(Deadline deadline) throws InterruptedException {
        for (Thread thread : pulling) {
            thread.join(Math.max(1, deadline.leftMs()));
        }
    }

    private List<String> namesOf(Event event) {
        List<String> names = new ArrayList<>(lanesOf(event));
        names.add("id " + event.messageId());
        return names;
    }

    /** Once all that came before under the message's names has ended (R10, R11). */
    private void work(InHand inHand, Event event, Lanes.Place place, Runnable done) {
        try (place) {
            if (!place.before.isDone()) {
                try (var working = inHand.keepWorking(context.clock(), flow.terms().ackWait())) {
                    place.before.join();
                }
                inHand.working(); // the POST has half an ack wait from here
            }
            if (takesLong()) {
                try (var working = inHand.keepWorking(context.clock(), flow.terms().ackWait())) {
                    settle(inHand, event, settlementOf(event));
                }
            } else {
                settle(inHand, event, settlementOf(event));
            }
        } catch (Exception e) {
            LOG.log(Level.WARNING, "{0}: not settled: {1}", flow.channel(), e.getClass().getSimpleName());
        } finally {
            done.run();
        }
    }

    /** An exception is trouble of the adapter or the bus, never the message's fault. */
    private Settlement settlementOf(Event event) {
        try {
            Settlement settlement = judge(event);
            boolean told = !flow.terms().badInput().equals("refuse")
                    || !(settlement instanceof Settlement.Terminate terminate)
                    || !List.of("invalid", "rejected").contains(terminate.reason())
                    || refuse(event, terminate.reason()); // R13
            return told ? settlement : Settlement.RETRY;
        } catch (Exception e) {
            LOG.log(Level.WARNING, "{0}: receiving failed: {1}", flow.channel(), e.getClass().getSimpleName());
            return Settlement.RETRY;
        }
    }

    /** The steps of receiving in their order. */
    private Settlement judge(Event event) throws Exception {
        Check.Outcome outcome = Check.of(flow, event); // R1
        if (!(outcome instanceof Check.Sound)) {
            LOG.log(Level.INFO, "{0}: {1}", flow.channel(), outcome);
            return Settlement.terminate("invalid");
        }
        if (event.expired()) { // R2
            return Settlement.terminate("expired");
        }
        Memory.Recollection known = memory.recall(event); // R3
        if (known == Memory.Recollection.OTHER) {
            return Settlement.terminate("conflict");
        }
        if (known == Memory.Recollection.SAME) {
            accepted(event, true);
            return Settlement.ACKNOWLEDGE;
        }
        Optional<Settlement> decided = admit(event);
        if (decided.isEmpty()) {
            decided = stage(event);
        }
        return decided.isPresent() ? decided.get() : handOver(event);
    }

    /** POSTs the event (R6 to R8). */
    private Settlement handOver(Event event) throws Exception {
        Application.Delivery delivery =
                context.application().deliver(event, flow.terms().ackWait().dividedBy(2), flow.terms().maxBytes());
        return switch (delivery.meaning()) {
            case ACCEPTED -> {
                memory.remember(event);
                accepted(event, false);
                yield Settlement.ACKNOWLEDGE;
            }
            case REJECTED -> Settlement.terminate("rejected");
            case FAILED -> Settlement.RETRY;
        };
    }

    private void settle(InHand inHand, Event event, Settlement settlement) throws IOException, InterruptedException {
        if (settlement instanceof Settlement.Terminate terminate) {
            inHand.terminate(terminate.reason());
        } else if (settlement instanceof Settlement.Acknowledge acknowledge
                // the notice is stored before the message is gone
                && (acknowledge.notice().isEmpty() || context.bus().notice(event, acknowledge.notice().get()))) {
            inHand.acknowledge();
        } else {
            inHand.retry(flow);
        }
    }

    /**
     * Tells the event's sender, on the channel for receipts, that it is refused. Where it is true the event may be given up: the refusal is
     * stored, or none can be made.
     */
    protected final boolean refuse(Event event, String reason) throws Exception {
        Flow receipts = context.contract().flows().get(flow.terms().receipts());
        Optional<Event> refusal = receipts == null
                ? Optional.empty()
                : Refusal.of(receipts, flow.terms().refusal(), context.name(), event, reason);
        if (refusal.isEmpty()) {
            return true;
        }
        Sender.Prepared prepared = Sender.Prepared.of(receipts, refusal.get());
        if (prepared.refusal().isPresent()) {
            LOG.log(Level.WARNING, "{0}: no valid refusal can be made: {1}", flow.channel(), prepared.refusal().get().reason());
            return true;
        }
        Published published = context.bus()
                .publish(receipts, refusal.get(), prepared.subject(), new Headers(), () -> {});
        return published instanceof Published.Acknowledged;
    }
}
