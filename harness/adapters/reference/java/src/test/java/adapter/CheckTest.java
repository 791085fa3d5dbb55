package adapter;

import static adapter.Sample.body;
import static adapter.Sample.task;
import static adapter.Sample.with;
import static adapter.Sample.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckTest {
    private static final String SOUND = "";

    static Stream<Arguments> events() {
        return Stream.of(
                arguments("a sound event passes", task(), SOUND),
                arguments("a malformed traceparent is not looked at", with("traceparent", "nonsense"), SOUND),
                arguments("an unknown attribute passes", with("ce-other", "x"), SOUND),
                arguments("an unknown field passes", body("{\"taskId\":\"t1\",\"priority\":2,\"new\":[{}]}"), SOUND),
                arguments("an absent attribute is missed", without("ce-source"), "headers"),
                arguments("a time needs an offset", with("ce-time", "2026-03-29T01:30:00"), "headers"),
                arguments("another media type is refused", with("ce-datacontenttype", "text/json"), "headers"),
                arguments("an attribute outside ASCII is refused", with("ce-other", "é"), "ASCII"),
                arguments("an unknown classification is refused", with("ce-classification", "SECRET"), "classification"),
                arguments("an absent classification is refused", without("ce-classification"), "headers"),
                arguments("a classification over the ceiling", with("ce-classification", "OFFICIAL-SENSITIVE"), "classification"),
                arguments("a type of another channel is refused", with("ce-type", "TaskRefused"), "ce-type"),
                arguments("an absent type is refused", without("ce-type"), "ce-type"),
                arguments("a body that is no JSON is refused", body("{\"taskId\":"), "JSON"),
                arguments("an empty body is no JSON", body(""), "JSON"),
                arguments("two values are no JSON", body("{} {}"), "JSON"),
                arguments("text that is no UTF-8 is refused", new Event(task().headers(), new byte[] {'"', (byte) 0xff, '"'}), "JSON"),
                arguments("UTF-16 is not guessed at", new Event(task().headers(), new byte[] {0, '{', 0, '}'}), "JSON"),
                arguments("a byte order mark is no JSON", body("\ufeff{}"), "JSON"),
                arguments("a number beyond a double is no JSON", body("{\"taskId\":\"t1\",\"priority\":1e400}"), "JSON"),
                arguments("the schema is asked", body("{\"taskId\":\"t1\",\"priority\":0}"), "payload: minimum in Task.json"),
                arguments("formats are asserted", body("{\"taskId\":\"t1\",\"priority\":1,\"on\":\"2026-02-30\"}"), "payload"),
                arguments("a pattern ends where the text ends", body("{\"taskId\":\"t1\",\"priority\":1,\"code\":\"ab\\n\"}"), "payload"),
                arguments("1.0 is a whole number", body("{\"taskId\":\"t1\",\"priority\":1.0}"), SOUND),
                arguments("rules are asked", with("ce-id", "t2"), "EqualsHeader"),
                arguments("so many bytes as there may be pass", body(padded(200)), SOUND),
                arguments(
                        "a rule of two fields",
                        body("{\"taskId\":\"t1\",\"priority\":1,\"openedAt\":\"2026-03-29T01:30:00Z\",\"dueAt\":\"2026-03-29T01:30:00+01:00\"}"),
                        "NotBefore"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void checks(String title, Event event, String fault) {
        Check.Outcome outcome = Check.of(Sample.flow("tasks"), event);
        if (fault.isEmpty()) {
            assertInstanceOf(Check.Sound.class, outcome, outcome.toString());
        } else {
            assertTrue(outcome instanceof Check.Unsound unsound && unsound.why().contains(fault), outcome.toString());
        }
    }

    @Test
    void oneByteMoreThanThereMayBeIsTooLarge() {
        assertInstanceOf(Check.TooLarge.class, Check.of(Sample.flow("tasks"), body(padded(201))));
    }

    private static String padded(int bytes) {
        String start = "{\"taskId\":\"t1\",\"priority\":1,\"note\":\"";
        return start + "x".repeat(bytes - start.length() - 2) + "\"}";
    }

    @Test
    void whatIsNestedTooDeeplyIsNoJson() {
        assertTrue(Json.parse(Sample.bytes("[".repeat(500) + "]".repeat(500))).isPresent());
        assertTrue(Json.parse(Sample.bytes("[".repeat(100_000) + "]".repeat(100_000))).isEmpty());
    }

    @Test
    void aFaultQuotesNothingOfTheEvent() {
        for (Event event : new Event[] {
            with("ce-time", "canary"), body("{\"taskId\":\"canary\",\"priority\":\"canary\"}"), body("canary"), with("ce-id", "canary")
        }) {
            assertFalse(Check.of(Sample.flow("tasks"), event).toString().contains("canary"));
        }
    }

    /** The examples of the repository's own contracts: those that are there to be taken, and those that are there to be refused. */
    @Test
    void theExamplesOfTheContracts() throws Exception {
        Path contracts = Path.of("../../../../contracts");
        assumeTrue(Files.isDirectory(contracts), "this folder was copied out of the repository: there are no contracts beside it");
        int examples = 0;
        try (DirectoryStream<Path> services = Files.newDirectoryStream(contracts, Files::isDirectory)) {
            for (Path service : services) {
                Contract contract = Contract.read(service.resolve("asyncapi.yaml"));
                try (DirectoryStream<Path> files = Files.newDirectoryStream(service.resolve("examples"), "*.json")) {
                    for (Path file : files) {
                        examples++;
                        String name = file.getFileName().toString();
                        MessageType message = contract.flows().values().stream()
                                .flatMap(flow -> flow.message(name.substring(0, name.indexOf('.'))).stream())
                                .findFirst()
                                .orElseThrow(() -> new AssertionError(file));
                        assertEquals(name.endsWith(".valid.json"), takes(message, file), file.toString());
                    }
                }
            }
        }
        assertTrue(examples > 50, examples + " examples");
    }

    /** Judges a payload alone: rules that speak of headers are left out. */
    private static boolean takes(MessageType message, Path file) throws IOException {
        Optional<JsonNode> payload = Json.parse(Files.readAllBytes(file));
        return payload.isPresent()
                && message.payload().fault(payload.get()).isEmpty()
                && message.rules().stream().allMatch(rule -> rule instanceof Rule.EqualsHeader || rule.holds(payload.get(), Map.of()));
    }
}
