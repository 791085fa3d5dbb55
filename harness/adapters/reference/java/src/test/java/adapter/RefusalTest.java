package adapter;

import static adapter.Sample.body;
import static adapter.Sample.task;
import static adapter.Sample.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static Event refusal(Event refused, String reason) throws Exception {
        return Refusal.of(Sample.flow("receipts"), "TaskRefused", "taker", refused, reason).orElseThrow();
    }

    @Test
    void itCopiesWhatItMay() throws Exception {
        Event refusal = refusal(with("ce-correlationid", "c1", "traceparent", "00-1", "ce-other", "not copied"), "rejected");
        assertInstanceOf(Check.Sound.class, Check.of(Sample.flow("receipts"), refusal));
        assertTrue(refusal.time().isPresent());
        refusal.headers().remove("ce-time");
        assertEquals(
                Map.ofEntries(
                        Map.entry("ce-specversion", "1.0"), Map.entry("ce-id", "t1-refused"), Map.entry("ce-source", "urn:application:taker"),
                        Map.entry("ce-type", "TaskRefused"), Map.entry("ce-datacontenttype", "application/json"),
                        Map.entry("ce-dataschema", "urn:sample:TaskRefused:1"), Map.entry("ce-causationid", "t1"),
                        Map.entry("ce-correlationid", "c1"), Map.entry("ce-classification", "OFFICIAL"), Map.entry("traceparent", "00-1")),
                refusal.headers());
        assertEquals("{\"taskId\":\"t1\",\"reasonCodes\":[\"rejected\"]}", new String(refusal.body(), StandardCharsets.UTF_8));
    }

    @Test
    void whatWouldMakeItInvalidIsNotCopied() throws Exception {
        for (String text : new String[] {"{\"taskId\":\"much longer than it may ever be\"}", "{\"taskId\":7}", "[]", "no JSON"}) {
            Event refusal = refusal(body(text), "invalid");
            assertEquals("{\"reasonCodes\":[\"invalid\"]}", new String(refusal.body(), StandardCharsets.UTF_8), text);
        }
    }

    @Test
    void thereIsNoneWithoutItsMessage() throws Exception {
        assertTrue(Refusal.of(Sample.flow("receipts"), "Other", "taker", task(), "invalid").isEmpty());
    }
}
