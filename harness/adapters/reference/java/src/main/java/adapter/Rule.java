package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One of a message's x-rules, described in contracts/rules.schema.json. A rule about an absent field holds. */
sealed interface Rule {

    /** Where what the rule is about stands. */
    Pointer field();

    boolean holdsFor(JsonNode value, JsonNode payload, Map<String, String> headers);

    /** Whether every value that the rule's field finds keeps the rule. */
    default boolean holds(JsonNode payload, Map<String, String> headers) {
        return field().in(payload).stream().allMatch(value -> holdsFor(value, payload, headers));
    }

    /** The set is closed: a rule that this adapter would not keep is refused at the start. */
    static Rule of(JsonNode rule) throws Misconfigured {
        Pointer field = Pointer.of(rule.path("field").asText());
        String name = rule.path("rule").asText();
        return switch (name) {
            case "equals-header" -> new EqualsHeader(field, rule.path("header").asText());
            case "check-character" -> new CheckCharacter(field, rule.path("alphabet").asText(), CheckCharacter.Slice.all(rule.path("slices")));
            case "not-before" -> new NotBefore(field, Pointer.of(rule.path("other").asText()));
            case "count" -> new Count(field, Pointer.of(rule.path("of").asText()));
            case "sum" -> new Sum(field, Pointer.of(rule.path("of").asText()));
            default -> throw new Misconfigured("x-rules: no rule " + name + " is known here");
        };
    }

    record EqualsHeader(Pointer field, String header) implements Rule {
        @Override
        public boolean holdsFor(JsonNode value, JsonNode payload, Map<String, String> headers) {
            Optional<String> text = Json.textOf(value);
            return text.isPresent() && text.get().equals(headers.get(header));
        }
    }

    /** The last character is alphabet[the digits before it, as one number, mod the alphabet's length]. */
    record CheckCharacter(Pointer field, String alphabet, List<Slice> slices) implements Rule {

        /** From and to, by character; negative ones count from the end. */
        record Slice(int from, int to) {
            static List<Slice> all(JsonNode slices) {
                List<Slice> all = new ArrayList<>();
                slices.forEach(slice -> all.add(new Slice(slice.path(0).asInt(), slice.path(1).asInt())));
                return all.isEmpty() ? List.of(new Slice(0, -1)) : all;
            }

            int[] of(int[] characters) {
                int start = within(from, characters.length);
                return Arrays.copyOfRange(characters, start, Math.max(start, within(to, characters.length)));
            }

            private static int within(int at, int length) {
                return Math.min(Math.max(at < 0 ? at + length : at, 0), length);
            }
        }

        @Override
        public boolean holdsFor(JsonNode value, JsonNode payload, Map<String, String> headers) {
            int[] characters = value.asText().codePoints().toArray();
            StringBuilder digits = new StringBuilder();
            for (Slice slice : slices) {
                for (int character : slice.of(characters)) {
                    if (character >= '0' && character <= '9') {
                        digits.appendCodePoint(character);
                    }
                }
            }
            if (!value.isTextual() || digits.isEmpty()) {
                return false;
            }
            int remainder = new BigInteger(digits.toString()).mod(BigInteger.valueOf(alphabet.length())).intValue();
            return characters[characters.length - 1] == alphabet.charAt(remainder);
        }
    }

    record NotBefore(Pointer field, Pointer other) implements Rule {
        @Override
        public boolean holdsFor(JsonNode value, JsonNode payload, Map<String, String> headers) {
            return other.in(payload).stream().allMatch(first -> {
                Optional<Instant> earliest = timeOf(first);
                Optional<Instant> at = timeOf(value);
                return earliest.isPresent() && at.isPresent() && !at.get().isBefore(earliest.get());
            });
        }

        private static Optional<Instant> timeOf(JsonNode value) {
            return value.isTextual() ? Rfc3339.parse(value.asText()) : Optional.empty();
        }
    }

    record Count(Pointer field, Pointer of) implements Rule {
        @Override
        public boolean holdsFor(JsonNode value, JsonNode payload, Map<String, String> headers) {
            return value.isNumber() && value.doubleValue() == of.in(payload).size();
        }
    }

    record Sum(Pointer field, Pointer of) implements Rule {
        /** The largest whole number that a double holds exactly. */
        private static final double EXACT = 9007199254740991.0;

        @Override
        public boolean holdsFor(JsonNode value, JsonNode payload, Map<String, String> headers) {
            double sum = 0;
            for (JsonNode part : of.in(payload)) {
                sum += part.isNumber() && part.doubleValue() == Math.rint(part.doubleValue()) ? part.doubleValue() : Double.NaN;
            }
            return value.isNumber() && Math.abs(sum) <= EXACT && value.doubleValue() == sum;
        }
    }
}
