package adapter;

import adapter.Documents.Place;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The message that says no to an event (Q6). */
final class Refusal {
    private static final List<String> COPIED =
            List.of("ce-correlationid", "ce-classification", "ce-partitionkey", "traceparent", "tracestate");

    private Refusal() {}

    /**
     * Of the ways to fill it the first is taken that passes the check: what is wrong with the refused event must not make its refusal
     * invalid too. Absent where the flow has no such message.
     *
     * @param flow what the refusal is to travel on
     * @param name of its message
     */
    static Optional<Event> of(Flow flow, String name, String application, Event refused, String reason) throws Misconfigured {
        Optional<MessageType> message = flow.message(name);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = headers(message.get(), application, refused);
        Map<String, String> expiring = new TreeMap<>(headers);
        expiring.put("ce-expirytime", Rfc3339.format(Instant.now().plus(flow.terms().expiry())));
        Event first = null;
        JsonNode payload = Json.parse(refused.body()).orElse(MissingNode.getInstance());
        for (JsonNode copied : List.of(payload, MissingNode.getInstance())) {
            byte[] body = payload(message.get().payload(), copied, reason).toString().getBytes(StandardCharsets.UTF_8);
            for (Event draft : List.of(new Event(headers, body), new Event(expiring, body))) {
                if (Check.of(flow, draft) instanceof Check.Sound) {
                    return Optional.of(draft);
                }
                first = first == null ? draft : first;
            }
        }
        return Optional.of(first);
    }

    private static Map<String, String> headers(MessageType message, String application, Event refused) throws Misconfigured {
        Map<String, String> headers = new TreeMap<>(Map.of(
                "ce-specversion", "1.0", "ce-id", refused.id() + "-refused", "ce-source", "urn:application:" + application, "ce-type",
                message.name(), "ce-time", Rfc3339.format(Instant.now()), "ce-datacontenttype", "application/json", "ce-causationid",
                refused.id()));
        Place dataSchema = message.headers().properties().get("ce-dataschema");
        headers.put("ce-dataschema", dataSchema == null ? "" : dataSchema.value().path("const").asText());
        for (String name : COPIED) {
            if (refused.headers().containsKey(name)) {
                headers.put(name, refused.headers().get(name));
            }
        }
        return headers;
    }

    /** The fields that the schema names: the reason where it goes, the others as the refused payload has them. */
    private static ObjectNode payload(Schema schema, JsonNode refused, String reason) throws Misconfigured {
        ObjectNode filled = Json.NODES.objectNode();
        for (String name : schema.properties().keySet()) {
            switch (name) {
                case "code" -> filled.put(name, reason);
                case "reasonCodes" -> filled.putArray(name).add(reason);
                case "retryable" -> filled.put(name, reason.equals("unavailable"));
                default -> {
                    if (refused.has(name)) {
                        filled.set(name, refused.get(name));
                    }
                }
            }
        }
        return filled;
    }
}
