package adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static Optional<JsonNode> parse(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"a\":[1,-2.5,\"t\",true,false,null,{}],\"b\":{\"c\":[]}}", "0", "\"\"", "null", "[]", "9007199254740993", "123456789012345678901234567890"
    })
    void aValueIsReadAsItIsWritten(String text) {
        assertEquals(text, parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{} {}", "[1] x", "{\"a\":}", "{\"a\"", "[1,", "NaN", "nul", "1e999", "'a'"})
    void whatIsNotOneValueThatADoubleCanHoldIsNone(String text) {
        assertEquals(Optional.empty(), parse(text));
    }

    @Test
    void ofTwoMembersOfOneNameTheLastCounts() {
        assertEquals("{\"a\":2}", parse("{\"a\":1,\"a\":2}").orElseThrow().toString());
    }
}
