package adapter;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The contract of src/test/resources, and an event that passes the check of its channel tasks. */
final class Sample {
    private static final Contract CONTRACT = read();

    private Sample() {}

    private static Contract read() {
        try {
            return Contract.read(Path.of("src/test/resources/contract/asyncapi.yaml"));
        } catch (Misconfigured e) {
            throw new IllegalStateException(e);
        }
    }

    static Flow flow(String channel) {
        return CONTRACT.flows().get(channel);
    }

    static Event task() {
        return new Event(
                new TreeMap<>(Map.of(
                        "ce-specversion", "1.0", "ce-id", "t1", "ce-source", "urn:test", "ce-type", "Task", "ce-time",
                        "2026-03-29T01:30:00.5+01:00", "ce-datacontenttype", "application/json", "ce-classification", "OFFICIAL")),
                bytes("{\"taskId\":\"t1\",\"priority\":2,\"openedAt\":\"2026-03-29T01:30:00Z\",\"dueAt\":\"2026-03-29T03:30:00+02:00\"}"));
    }

    static Event with(String... namesAndValues) {
        Event event = task();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            event.headers().put(namesAndValues[at], namesAndValues[at + 1]);
        }
        return event;
    }

    static Event without(String name) {
        Event event = task();
        event.headers().remove(name);
        return event;
    }

    static Event body(String text) {
        return new Event(task().headers(), bytes(text));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
