package adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {
    private static final Path SAMPLE = Path.of("src/test/resources/contract/asyncapi.yaml");

    @Test
    void itTellsWhoDoesWhat() throws Misconfigured {
        Contract contract = Contract.read(SAMPLE);
        assertEquals(Set.of("tasks", "receipts", "questions"), contract.flows().keySet());
        assertFlow(contract.flows().get("tasks"), List.of("giver"), List.of("taker", "helper"), "sample.tasks.*.*", List.of("me"));
        assertFlow(contract.flows().get("receipts"), List.of("taker", "helper"), List.of("giver"), "sample.receipts", List.of("me-0", "me-1"));
        assertFlow(contract.flows().get("questions"), List.of("giver"), List.of(), "sample.questions", List.of("me"));
        assertEquals(200, contract.largestBody());
    }

    private static void assertFlow(Flow flow, List<String> senders, List<String> receivers, String wildcard, List<String> consumers) {
        assertEquals(senders, flow.senders());
        assertEquals(receivers, flow.receivers());
        assertEquals(wildcard, flow.wildcard());
        assertEquals(consumers, flow.consumers("me"));
    }

    @Test
    void onlyTheSoleProviderIsOne() {
        assertTrue(Sample.flow("tasks").soleProvider("giver"));
        assertFalse(Sample.flow("receipts").soleProvider("taker"));
    }

    @Test
    void aReplyIsNoMessageOfAnotherChannel() {
        assertTrue(Sample.flow("questions").message("TaskRefused").isPresent());
        assertFalse(Sample.flow("tasks").message("TaskRefused").isPresent());
    }

    @Test
    void whatOneFlowMergesFromAnother() {
        Flow.Terms terms = Sample.flow("receipts").terms();
        assertEquals("dead-letter", terms.badInput());
        assertEquals(Duration.ofMillis(4000), terms.ackWait());
        assertEquals("RECEIPTS", terms.stream());
    }

    @Test
    void backoffRepeatsItsLastDelay() {
        List<Long> delays = List.of(0L, 1L, 2L, 3L, 4L, 99L).stream().map(attempt -> Sample.flow("tasks").backoff(attempt).toMillis()).toList();
        assertEquals(List.of(100L, 100L, 200L, 400L, 400L, 400L), delays);
        assertEquals(Duration.ZERO, Sample.flow("questions").backoff(1));
    }

    @Test
    void whatCannotBeReadOrKeptIsRefused(@TempDir Path folder) throws Exception {
        assertThrows(Misconfigured.class, () -> Contract.read(folder.resolve("absent.yaml")));
        assertThrows(Misconfigured.class, () -> Contract.read(folder));
        String sample = Files.readString(SAMPLE);
        for (String[] change : new String[][] {
            {"rule: not-before", "rule: new"}, {"#/channels/tasks", "#/channels/absent"}, {"x-flow:", "x-other:"}, {"channels:", "channels: ["}
        }) {
            Path changed = SAMPLE.resolveSibling("changed.yaml");
            try {
                Files.writeString(changed, sample.replace(change[0], change[1]));
                assertThrows(Misconfigured.class, () -> Contract.read(changed), change[1]);
            } finally {
                Files.deleteIfExists(changed);
            }
        }
    }

    @Test
    void aValueIsWhatYaml12HasIt(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "a: NO\nb: 010\nc: 2026-01-01\n");
        assertEquals("{\"a\":\"NO\",\"b\":10,\"c\":\"2026-01-01\"}", new Documents().load(file).toString());
    }
}
