package adapter;

import io.nats.client.KeyValue;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.KeyValueEntry;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the sequence of each key in a bucket that outlives the adapter (R4). Its keys are APPLICATION.ce-partitionkey: a flow has several
 * receivers.
 */
final class OrderedReceiver extends Receiver {
    private final Bus.Use<KeyValue> bucket;

    OrderedReceiver(Context context, Flow flow) {
        super(context, flow);
        Duration half = flow.terms().ackWait().dividedBy(2);
        Duration wait = half.compareTo(Bus.REQUEST_WAIT) < 0 ? half : Bus.REQUEST_WAIT;
        KeyValueOptions options = KeyValueOptions.builder().jsRequestTimeout(wait).build();
        bucket = context.bus().each(connection -> connection.keyValue(flow.terms().state(), options));
    }

    @Override
    public void open() throws Exception {
        sequences();
        super.open();
    }

    private KeyValue sequences() throws Exception {
        return bucket.on(context.bus().connection());
    }

    /** Acknowledges what was accepted before, and parks what leaves a gap. */
    @Override
    protected Optional<Settlement> admit(Event event) throws Exception {
        long last = last(event);
        long sequence = sequenceOf(event);
        if (sequence <= last) {
            return Optional.of(Settlement.ACKNOWLEDGE);
        }
        return sequence == last + 1 ? Optional.empty() : Optional.of(Settlement.terminate("gap"));
    }

    /** Stores the sequence; again, where that failed after the first delivery. */
    @Override
    protected void accepted(Event event, boolean again) throws Exception {
        if (!again || sequenceOf(event) > last(event)) {
            sequences().put(keyOf(event), Long.toString(sequenceOf(event)));
        }
    }

    /** The last accepted sequence of the event's key, 0 for none. */
    private long last(Event event) throws Exception {
        KeyValueEntry entry = sequences().get(keyOf(event));
        return entry == null ? 0 : Long.parseLong(entry.getValueAsString());
    }

    /** The header schema of an ordered channel lets nothing through that is no number. */
    private static long sequenceOf(Event event) {
        return Long.parseLong(event.headers().getOrDefault("ce-sequence", ""));
    }

    private String keyOf(Event event) {
        return context.name() + "." + event.key();
    }
}
