package adapter;

import static adapter.Sample.body;
import static adapter.Sample.task;
import static adapter.Sample.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    @Test
    void itCrossesUnchanged() {
        Map<String, List<String>> sent = Map.of(
                "Ce-Id", List.of("a B%20"), "CE-SOURCE", List.of("urn:x"), "ce-sequence", List.of("007"), "Content-Type",
                List.of("application/json"), "Traceparent", List.of("00-ab"), "Tracestate", List.of("a=1", "b=2"), "User-Agent", List.of("x"),
                "X-Ce-Id", List.of("y"), "Authorization", List.of("z"));
        byte[] text = Sample.bytes("{\"é\" : 1.0}\n");
        Event event = Event.fromHttp(sent, text);
        Map<String, String> want = Map.of(
                "ce-id", "a B%20", "ce-source", "urn:x", "ce-sequence", "007", "ce-datacontenttype", "application/json", "traceparent", "00-ab",
                "tracestate", "a=1, b=2");
        assertEquals(want, event.headers());

        Headers carried = event.natsHeaders();
        assertEquals(want.keySet(), carried.keySet());
        carried.put("Nats-Msg-Id", "added by the bus").put("Ce-Id", "not in lower case");
        Event back = Event.fromNats(carried, event.body());
        assertEquals(want, back.headers());
        assertArrayEquals(text, back.body());

        assertEquals("application/json", back.httpHeaders().get("Content-Type"));
        assertFalse(back.httpHeaders().containsKey("ce-datacontenttype"));
        assertEquals("007", back.httpHeaders().get("ce-sequence"));
    }

    @Test
    void onlyContentTypeSaysTheContentType() {
        assertTrue(Event.fromHttp(Map.of("Ce-Datacontenttype", List.of("application/json")), new byte[0]).headers().isEmpty());
    }

    @Test
    void aRepeatedAttributeIsNoValidValue() {
        Event twice = Event.fromHttp(Map.of("Ce-Type", List.of("Task", "Task")), new byte[0]);
        assertEquals("Task, Task", twice.type());
    }

    @Test
    void traceContextOutsideAsciiCountsAsNone() {
        assertTrue(Event.fromHttp(Map.of("tracestate", List.of("a=é")), new byte[0]).headers().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, false", "'', false", "application/cloudevents+json, true", "Application/CloudEvents-batch+json; charset=utf-8, true"
    })
    void structuredAndBatchMode(String contentType, boolean structured) {
        assertEquals(structured, Event.structured(contentType));
    }

    @Test
    void theDigestIsOfTypeAndBody() {
        assertEquals(task().digest(), with("ce-time", "2020-01-01T00:00:00Z").digest());
        assertNotEquals(task().digest(), with("ce-type", "Other").digest());
        assertNotEquals(task().digest(), body("{}").digest());
    }

    @Test
    void itExpiresAtItsExpiryTime() {
        assertTrue(with("ce-expirytime", Rfc3339.format(Instant.now().minusMillis(1))).expired());
        assertFalse(with("ce-expirytime", Rfc3339.format(Instant.now().plusSeconds(60))).expired());
        assertFalse(task().expired());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2026-03-29T01:30:00Z", "2026-03-29t01:30:00.123456z", "2026-03-29T01:30:00+01:00", "2026-03-29T01:30:00.1234567890123Z"
    })
    void times(String text) {
        assertTrue(Rfc3339.parse(text).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-29T01:30:00", "2026-03-29", "", "2026-02-30T00:00:00Z", "2026-03-29T01:30Z", "2026-03-29T01:30:00+01"})
    void noTimes(String text) {
        assertFalse(Rfc3339.parse(text).isPresent());
    }

    @Test
    void aTimeIsWrittenWithMilliseconds() {
        assertEquals("2026-01-01T00:00:00.000Z", Rfc3339.format(Instant.parse("2026-01-01T00:00:00Z")));
        assertEquals("2026-01-01T00:00:00.120Z", Rfc3339.format(Instant.parse("2026-01-01T00:00:00.12Z")));
    }
}
