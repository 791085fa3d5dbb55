package adapter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON as it crosses languages: UTF-8, one value, numbers that a double can hold. */
final class Json {
    /** x-flow.maxBytes is the limit; the library's own would make other events invalid than other languages do. */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNumberLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).build();

    private static final JsonFactory TEXTS = JsonFactory.builder().streamReadConstraints(LIMITS).build();
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** Absent where the text is not JSON in UTF-8. */
    static Optional<JsonNode> parse(byte[] text) {
        try {
            // The decoder refuses what is no UTF-8; given bytes, the library would guess at other encodings.
            String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            JsonNode value = read(decoded);
            return finite(value) ? Optional.of(value) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A tree by the parser alone: an ObjectMapper takes a tenth of a start to make, and does much that no adapter needs. */
    static JsonNode read(String text) throws IOException {
        try (JsonParser parser = TEXTS.createParser(text)) {
            JsonNode value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more than one value");
            }
            return value;
        }
    }

    /** @param token the value's first */
    private static JsonNode value(JsonParser parser, JsonToken token) throws IOException {
        if (token == null) {
            throw new JsonParseException(parser, "the text ends where a value is to be");
        }
        return switch (token) {
            case START_OBJECT -> {
                ObjectNode members = NODES.objectNode();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    members.set(name, value(parser, parser.nextToken()));
                }
                yield members;
            }
            case START_ARRAY -> {
                ArrayNode items = NODES.arrayNode();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(value(parser, next));
                }
                yield items;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(token == JsonToken.VALUE_TRUE);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new JsonParseException(parser, "no value");
        };
    }

    private static boolean finite(JsonNode value) {
        for (JsonNode member : value) {
            if (!finite(member)) {
                return false;
            }
        }
        return !value.isNumber() || Double.isFinite(value.doubleValue());
    }

    /** A value as JSON has it, a text without its quotes; absent for an object, an array and null. */
    static Optional<String> textOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BOOLEAN -> Optional.of(value.asText());
            case NUMBER -> Optional.of(number(value.doubleValue()));
            default -> Optional.empty();
        };
    }

    /** As ECMAScript writes it: the shortest digits, an exponent only where they are far from the point. */
    private static String number(double value) {
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (value == 0) {
            return "0";
        }
        if (exponent >= -6 && exponent < 21) {
            return digits.toPlainString();
        }
        String mantissa = digits.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return mantissa + "e" + (exponent < 0 ? "" : "+") + exponent;
    }
}
