package adapter;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A CloudEvent in binary mode, as it travels on NATS: headers ce-*, traceparent and tracestate, names in lower case, and the payload alone
 * as the body. Both cross the adapter byte for byte (E1, E3).
 */
record Event(Map<String, String> headers, byte[] body) {
    private static final String CONTENT_TYPE = "ce-datacontenttype";

    /** The event in a request or a response. HTTP has ce-datacontenttype as Content-Type, and that alone. */
    static Event fromHttp(Map<String, List<String>> headers, byte[] body) {
        Map<String, String> taken = new TreeMap<>();
        headers.forEach((given, values) -> {
            String name = given.toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                take(taken, CONTENT_TYPE, values);
            } else if (!name.equals(CONTENT_TYPE)) {
                take(taken, name, values);
            }
        });
        return new Event(taken, body);
    }

    static Event fromNats(Headers headers, byte[] body) {
        Map<String, String> taken = new TreeMap<>();
        if (headers != null) {
            headers.forEach((name, values) -> take(taken, name, values));
        }
        return new Event(taken, body == null ? new byte[0] : body);
    }

    static Event fromNats(Message message) {
        return fromNats(message.getHeaders(), message.getData());
    }

    /** E2: what crosses. A repeated header is one list, which for an attribute is no valid value. */
    private static void take(Map<String, String> taken, String name, List<String> values) {
        boolean trace = name.equals("traceparent") || name.equals("tracestate");
        if (!trace && !name.startsWith("ce-")) {
            return;
        }
        String value = String.join(", ", values);
        if (!trace || visible(value)) { // trace context is ASCII; what is not counts as none, and must not make the event invalid
            taken.put(name, value);
        }
    }

    /** Whether both HTTP and NATS carry the value as it is. */
    static boolean visible(String value) {
        return value.chars().allMatch(character -> character >= 0x20 && character < 0x7f);
    }

    /** As HTTP has them. */
    Map<String, String> httpHeaders() {
        Map<String, String> named = new TreeMap<>(headers);
        String type = named.remove(CONTENT_TYPE);
        if (type != null) {
            named.put("Content-Type", type);
        }
        return named;
    }

    /** As NATS has them; the library keeps the case of names. */
    Headers natsHeaders() {
        Headers named = new Headers();
        headers.forEach((name, value) -> named.put(name, value));
        return named;
    }

    /** Whether a Content-Type is that of an event in structured or batch mode (E4). */
    static boolean structured(String contentType) {
        return contentType != null && contentType.strip().toLowerCase(Locale.ROOT).startsWith("application/cloudevents");
    }

    /** Whether an answer holds an event, sound or not: one attribute is enough. */
    boolean isEvent() {
        return headers.keySet().stream().anyMatch(name -> name.startsWith("ce-") && !name.equals(CONTENT_TYPE));
    }

    String id() {
        return headers.getOrDefault("ce-id", "");
    }

    String type() {
        return headers.getOrDefault("ce-type", "");
    }

    String key() {
        return headers.getOrDefault("ce-partitionkey", "");
    }

    /** Names the event for the bus, which stores one id once: source and id are unique together (S3). */
    String messageId() {
        return headers.getOrDefault("ce-source", "") + " " + id();
    }

    /** Names that of which a last-value event is a value: type and key. */
    String valueName() {
        return type() + " " + key();
    }

    Optional<Instant> time() {
        return Rfc3339.parse(headers.get("ce-time"));
    }

    Optional<Instant> expiry() {
        return Rfc3339.parse(headers.get("ce-expirytime"));
    }

    boolean expired() {
        return expiry().filter(at -> !at.isAfter(Instant.now())).isPresent();
    }

    /** Of type and body: two events of one id with the same digest are the same. It never leaves the process. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(type().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }
}
