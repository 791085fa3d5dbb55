package adapter;

import static adapter.Sample.body;
import static adapter.Sample.task;
import static adapter.Sample.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void itTellsSameFromOther() {
        Memory memory = new Memory();
        assertEquals(Memory.Recollection.UNKNOWN, memory.recall(task()));
        memory.remember(task());
        assertEquals(Memory.Recollection.SAME, memory.recall(with("ce-time", "2020-01-01T00:00:00Z")));
        assertEquals(Memory.Recollection.OTHER, memory.recall(body("{}")));
        assertEquals(Memory.Recollection.UNKNOWN, memory.recall(with("ce-source", "urn:else")));
    }

    @Test
    void theOldestOfMoreThanItHoldsIsForgotten() {
        Memory memory = new Memory();
        memory.remember(task());
        for (int number = 0; number < Lru.LIMIT; number++) {
            memory.remember(with("ce-id", Integer.toString(number)));
        }
        assertEquals(Memory.Recollection.UNKNOWN, memory.recall(task()));
        assertEquals(Memory.Recollection.SAME, memory.recall(with("ce-id", "0")));
    }

    @Test
    void aLastValueNeverGoesBack() {
        LastValueReceiver receiver = new LastValueReceiver(null, null);
        Optional<Settlement> superseded = Optional.of(new Settlement.Acknowledge(Optional.of("superseded")));
        assertEquals(Optional.empty(), receiver.admit(at("a", "2026-01-01T00:00:02Z")));
        assertEquals(superseded, receiver.admit(at("a", "2026-01-01T00:00:01Z")));
        assertEquals(Optional.empty(), receiver.admit(at("a", "2026-01-01T00:00:02Z")));
        assertEquals(Optional.empty(), receiver.admit(at("b", "2026-01-01T00:00:01Z")));
        assertEquals(Optional.empty(), receiver.admit(at("a", "2026-01-01T01:00:03+01:00")));
        assertEquals(superseded, receiver.admit(at("a", "2026-01-01T00:00:02.999Z")));
    }

    private static Event at(String key, String time) {
        return with("ce-partitionkey", key, "ce-time", time);
    }

    @Test
    void lanesKeepTheOrderOfEachName() {
        Lanes lanes = new Lanes();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Lanes.Place first = lanes.enter(List.of("a", "b"));
        assertTrue(first.before.isDone());
        List<CompletableFuture<Void>> working = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            int mine = number;
            Lanes.Place place = lanes.enter(List.of(number % 2 == 0 ? "a" : "b"));
            working.add(CompletableFuture.runAsync(() -> {
                try (place) {
                    place.before.join();
                    order.add(mine);
                }
            }, task -> new Thread(task).start()));
        }
        try (Lanes.Place other = lanes.enter(List.of("c"))) {
            assertTrue(other.before.isDone());
        }
        assertFalse(working.get(0).isDone());
        first.close();
        working.forEach(CompletableFuture::join);
        for (int parity = 0; parity < 2; parity++) {
            int which = parity;
            List<Integer> mine = order.stream().filter(number -> number % 2 == which).toList();
            assertEquals(mine.stream().sorted().toList(), mine);
            assertEquals(10, mine.size());
        }
        assertEquals(0, lanes.busy());
    }
}
