package adapter;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hands over nothing that is older than what was handed over, for each type and key (R5). */
final class LastValueReceiver extends Receiver {
    private final Map<String, Instant> newest = Lru.map();

    LastValueReceiver(Context context, Flow flow) {
        super(context, flow);
    }

    @Override
    protected List<String> lanesOf(Event event) {
        return List.of("value " + event.valueName());
    }

    @Override
    protected Optional<Settlement> admit(Event event) {
        Instant at = event.time().orElse(Instant.MIN);
        Instant last = newest.getOrDefault(event.valueName(), Instant.MIN);
        if (at.isBefore(last)) {
            return Optional.of(new Settlement.Acknowledge(Optional.of("superseded")));
        }
        newest.put(event.valueName(), at);
        return Optional.empty();
    }
}
