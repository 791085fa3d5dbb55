package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** One channel with an x-flow: how its messages travel, and what is promised of them. */
record Flow(
        String channel, String address, Map<String, String> parameters, Map<String, MessageType> messages,
        Map<String, MessageType> replies, List<String> senders, List<String> receivers, Terms terms) {

    /** The x-flow, described in contracts/flow.schema.json. */
    record Terms(
            String pattern, String stream, boolean atMostOnce, int partitions, Duration ackWait, List<Duration> backoff, String badInput,
            Duration expiry, int maxBytes, String refusal, String receipts, String state, String bucket, String classification) {

        static Terms of(JsonNode flow) {
            List<Duration> backoff = new ArrayList<>();
            flow.path("backoffMs").forEach(delay -> backoff.add(Duration.ofMillis(delay.asLong())));
            return new Terms(
                    flow.path("pattern").asText(), flow.path("stream").asText(), flow.path("delivery").asText().equals("at-most-once"),
                    flow.path("partitions").asInt(), Duration.ofMillis(flow.path("ackWaitMs").asLong()), backoff,
                    flow.path("badInput").asText(), Duration.ofMillis(flow.path("expiryMs").asLong()), flow.path("maxBytes").asInt(),
                    flow.path("refusal").asText(), flow.path("receipts").asText(), flow.path("state").asText(),
                    flow.path("bucket").asText(), flow.path("classification").asText());
        }
    }

    boolean performedBy(String application) {
        return senders.contains(application) || receivers.contains(application);
    }

    /** Whether an application alone publishes here: only then may it read the stream's messages (S4). */
    boolean soleProvider(String application) {
        return senders.equals(List.of(application));
    }

    /** The message or reply of that name. */
    Optional<MessageType> message(String name) {
        return Optional.ofNullable(messages.getOrDefault(name, replies.get(name)));
    }

    /** The delay after an attempt, which counts from 1 (R8); none where the flow has none. */
    Duration backoff(long attempt) {
        List<Duration> delays = terms.backoff();
        return delays.isEmpty() ? Duration.ZERO : delays.get((int) Math.min(Math.max(attempt, 1), delays.size()) - 1);
    }

    /** The pull consumers of an application (N4). */
    List<String> consumers(String application) {
        return terms.partitions() == 0
                ? List.of(application)
                : IntStream.range(0, terms.partitions()).mapToObj(partition -> application + "-" + partition).toList();
    }

    /** The address with a * for each parameter. */
    String wildcard() {
        return address.replaceAll("\\{[^}]*\\}", "*");
    }
}
