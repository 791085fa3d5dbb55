package adapter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON as it crosses languages: UTF-8, one value, numbers that a double can hold. */
final class Json {
    /** x-flow.maxBytes is the limit; the library's own would make other events invalid than other languages do. */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNumberLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).build();

    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Absent where the text is not JSON in UTF-8. */
    static Optional<JsonNode> parse(byte[] text) {
        try {
            // The decoder refuses what is no UTF-8; given bytes, the library would guess at other encodings.
            String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            JsonNode value = MAPPER.readTree(decoded);
            return value.isMissingNode() || !finite(value) ? Optional.empty() : Optional.of(value);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Optional.empty();
        }
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
