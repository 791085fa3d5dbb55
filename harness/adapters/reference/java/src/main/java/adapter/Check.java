package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The check of both sides of the bus (E5). */
final class Check {
    /** From low to high. */
    private static final List<String> CLASSIFICATIONS = List.of("OFFICIAL", "OFFICIAL-SENSITIVE");

    private Check() {}

    /** What an event is found to be. */
    sealed interface Outcome {}

    record Sound(JsonNode payload) implements Outcome {}

    record TooLarge() implements Outcome {}

    /** Says what is wrong and where in the contract that stands, and never quotes the event: it is logged (L4). */
    record Unsound(String why) implements Outcome {}

    static Outcome of(Flow flow, Event event) {
        if (event.body().length > flow.terms().maxBytes()) {
            return new TooLarge();
        }
        Optional<MessageType> message = flow.message(event.type());
        if (message.isEmpty()) {
            return new Unsound("ce-type names no message of the channel");
        }
        Optional<String> header = headerFault(flow, message.get(), event);
        if (header.isPresent()) {
            return new Unsound(header.get());
        }
        Optional<JsonNode> payload = Json.parse(event.body());
        if (payload.isEmpty()) {
            return new Unsound("body is not JSON in UTF-8");
        }
        Optional<String> fault = payloadFault(message.get(), event, payload.get());
        return fault.isPresent() ? new Unsound(fault.get()) : new Sound(payload.get());
    }

    private static Optional<String> headerFault(Flow flow, MessageType message, Event event) {
        ObjectNode headers = Json.NODES.objectNode();
        event.headers().forEach(headers::put);
        Optional<String> fault = message.headers().fault(headers);
        if (fault.isPresent()) {
            return fault.map(what -> "headers: " + what);
        }
        if (!event.headers().values().stream().allMatch(Event::visible)) {
            return Optional.of("a header is not ASCII");
        }
        int level = CLASSIFICATIONS.indexOf(event.headers().get("ce-classification"));
        return level < 0 || level > CLASSIFICATIONS.indexOf(flow.terms().classification())
                ? Optional.of("ce-classification is unknown, or over x-flow.classification")
                : Optional.empty();
    }

    private static Optional<String> payloadFault(MessageType message, Event event, JsonNode payload) {
        Optional<String> fault = message.payload().fault(payload);
        if (fault.isPresent()) {
            return fault.map(what -> "payload: " + what);
        }
        return message.rules().stream()
                .filter(rule -> !rule.holds(payload, event.headers()))
                .findFirst()
                .map(rule -> "rule " + rule.getClass().getSimpleName());
    }
}
