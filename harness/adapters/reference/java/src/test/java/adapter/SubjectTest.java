package adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTest {
    private static final String HEADER = "$message.header#/ce-partitionkey";
    private static final String PAYLOAD = "$message.payload#/unit/priority";

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', nullValues = "none", value = {
        "from a header | header | a/B_9=- | {} | s.a/B_9=-.end",
        "from the payload | payload | none | {'unit':{'priority':'high'}} | s.high.end",
        "a number as JSON writes it | payload | none | {'unit':{'priority':2}} | s.2.end",
        "a header that is absent | header | none | {} | none",
        "a field that is absent | payload | none | {} | none",
        "a dot would be another token | header | a.b | {} | none",
        "a wildcard would hide | header | * | {} | none",
        "a space ends a subject | header | a b | {} | none",
        "a letter outside ASCII | header | é | {} | none",
        "a line end hides nothing | header | `a\n` | {} | none",
        "an object is no value | payload | none | {'unit':{'priority':{}}} | none",
        "a location that is no expression | other | a | {} | none"
    })
    void subjects(String title, String from, String key, String payload, String subject) {
        String location = Map.of("header", HEADER, "payload", PAYLOAD).getOrDefault(from, from);
        Flow.Terms terms = new Flow.Terms(
                "", "", false, 0, Duration.ZERO, List.of(), "", Duration.ZERO, 0, "", "", "", "", "");
        Flow flow = new Flow("c", "s.{p}.end", Map.of("p", location), Map.of(), Map.of(), List.of(), List.of(), terms);
        Event event = new Event(new TreeMap<>(), Sample.bytes(payload.replace('\'', '"')));
        if (key != null) {
            event.headers().put("ce-partitionkey", key);
        }
        assertEquals(Optional.ofNullable(subject), Subject.of(flow, event, Json.parse(event.body()).orElseThrow()));
    }
}
