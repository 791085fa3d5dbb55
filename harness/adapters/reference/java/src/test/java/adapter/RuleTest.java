package adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    private static final Map<String, String> RULES = Map.of(
            "equals", "{'rule':'equals-header','field':'/a','header':'ce-x'}",
            "items", "{'rule':'equals-header','field':'/list/*/a','header':'ce-x'}",
            "check", "{'rule':'check-character','field':'/a','alphabet':'ZABCDEFGHJKLMNPQRTUVWXY'}",
            "sliced", "{'rule':'check-character','field':'/a','alphabet':'ABC','slices':[[2,-1],[0,2]]}",
            "before", "{'rule':'not-before','field':'/a','other':'/b'}",
            "count", "{'rule':'count','field':'/n','of':'/list/*'}",
            "sum", "{'rule':'sum','field':'/n','of':'/list/*/a'}");

    private static JsonNode json(String text) {
        return Json.parse(Sample.bytes(text.replace('\'', '"'))).orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', nullValues = "none", value = {
        "equal texts | equals | {'a':'v'} | v | true",
        "other texts | equals | {'a':'v'} | w | false",
        "letters of another case | equals | {'a':'v'} | V | false",
        "a number as JSON writes it | equals | {'a':5.0} | 5 | true",
        "a fraction | equals | {'a':0.10} | 0.1 | true",
        "a small number | equals | {'a':0.0000001} | 1e-7 | true",
        "a large number | equals | {'a':123456789012} | 123456789012 | true",
        "a larger number | equals | {'a':1200000000000000000000} | 1.2e+21 | true",
        "a truth value | equals | {'a':true} | true | true",
        "null equals nothing | equals | {'a':null} | null | false",
        "a field that is absent | equals | {} | v | true",
        "a header that is absent | equals | {'a':''} | none | false",
        "every item | items | {'list':[{'a':'v'},{},{'a':'v'}]} | v | true",
        "one of the items | items | {'list':[{'a':'v'},{'a':'w'}]} | v | false",
        "no array, no items | items | {'list':{'other':{'a':'w'}}} | v | true",
        "the right check character | check | {'a':'12-345T'} | none | true", // 12345 mod 23 = 17
        "the wrong check character | check | {'a':'12-345R'} | none | false",
        "no digits | check | {'a':'Z'} | none | false",
        "an empty text | check | {'a':''} | none | false",
        "more digits than a number holds | check | {'a':'99999999999999999999999N'} | none | false",
        "a number is no text | check | {'a':120} | none | false",
        "slices in their order | sliced | {'a':'01345B'} | none | true", // 34501 mod 3 = 1
        "slices end with the text | sliced | {'a':'1B'} | none | true",
        "later | before | {'a':'2026-01-01T01:00:00Z','b':'2026-01-01T00:00:00Z'} | none | true",
        "at the same time elsewhere | before | {'a':'2026-01-01T00:00:00Z','b':'2026-01-01T01:00:00+01:00'} | none | true",
        "earlier | before | {'a':'2026-01-01T00:00:00Z','b':'2026-01-01T00:00:00.001Z'} | none | false",
        "one of them alone | before | {'a':'2026-01-01T00:00:00Z'} | none | true",
        "no time | before | {'a':'soon','b':'2026-01-01T00:00:00Z'} | none | false",
        "as many | count | {'n':2,'list':[1,2]} | none | true",
        "fewer | count | {'n':2,'list':[1]} | none | false",
        "none of what is absent | count | {'n':0} | none | true",
        "a text is no count | count | {'n':'1','list':[1]} | none | false",
        "the sum | sum | {'n':3,'list':[{'a':1},{'a':2}]} | none | true",
        "another sum | sum | {'n':4,'list':[{'a':1},{'a':2}]} | none | false",
        "parts of a whole | sum | {'n':1,'list':[{'a':0.5},{'a':0.5}]} | none | false",
        "beyond exact arithmetic | sum | {'n':9007199254740992,'list':[{'a':9007199254740991},{'a':1}]} | none | false"
    })
    void rules(String title, String rule, String payload, String header, boolean holds) throws Misconfigured {
        Map<String, String> headers = header == null ? Map.of() : Map.of("ce-x", header);
        assertEquals(holds, Rule.of(json(RULES.get(rule))).holds(json(payload), headers));
    }

    @Test
    void anUnknownRuleIsRefused() {
        assertThrows(Misconfigured.class, () -> Rule.of(json("{'rule':'new','field':'/a'}")));
    }

    @Test
    void pointersAreUnescaped() {
        assertEquals("[8]", Pointer.of("/a~1b/~0/1").in(json("{'a/b':{'~':[7,8]}}")).toString());
    }
}
