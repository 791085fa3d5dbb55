package adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "^a$ | `a\n` | false", "^a$ | a | true", "a.c | `a\u0085c` | true", "a.c | `a\u2028c` | false", "^\\s$ | `\u00a0` | true",
        "^\\S$ | `\ufeff` | false", "^[\\s]$ | `\u3000` | true", "^\\d$ | `\u0664` | false", "^\\w$ | é | false", "^a\\b | aé | true",
        "a\\Bb | ab | true", "^\\u{1F600}$ | `\ud83d\ude00` | true", "^.$ | `\ud83d\ude00` | true", "^\\v$ | `\n` | false",
        "^[[&&b]$ | & | true", "^[]$ | `` | false", "^[^]$ | `\n` | true", "^\\/$ | / | true", "^\\cj$ | `\n` | true", "^[\\b]$ | `\b` | true",
        "^(?<y>a)\\k<y>$ | aa | true", "^(a)\\1$ | aa | true", "^\\p{Lu}$ | É | true", "b | abc | true"
    })
    void patternsMeanWhatEcmaHasThemMean(String pattern, String text, boolean matches) {
        assertEquals(matches, EcmaPattern.compile(pattern).matcher(text).find());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "date | 2024-02-29 | true", "date | 2023-02-29 | false", "date | 2024-02-29Z | false", "time | 10:00:00Z | true",
        "time | 10:00:00 | false", "time | 23:59:60Z | true", "time | 00:59:60+01:00 | true", "time | 22:59:60Z | false",
        "date-time | 2024-02-29T10:00:00.5+01:00 | true", "date-time | 2024-02-29 10:00:00Z | false", "date-time | 2024-02-29T10:00:00 | false",
        "date-time | 1998-12-31T23:59:60Z | true", "duration | P1Y2M3DT4H5M6S | true", "duration | P1W | true", "duration | P | false",
        "duration | PT | false", "email | a.b@c.de | true", "email | a@@c.de | false", "hostname | a-b.c | true", "hostname | -a | false",
        "ipv4 | 1.2.3.255 | true", "ipv4 | 1.2.3.256 | false", "ipv4 | 01.2.3.4 | false", "ipv6 | ::1 | true", "ipv6 | ::ffff:1.2.3.4 | true",
        "ipv6 | 1::2::3 | false", "ipv6 | fe80::1%eth0 | false", "uri | urn:a:b | true", "uri | a/b | false", "uri | http://[::1]:80/a?b#c | true",
        "uri | http://a b | false", "uri-reference | a/b | true", "uri-reference | é | false", "uri-template | /a{?b*,c:3} | true",
        "uri-template | /a{b | false", "uuid | 7698dcf9-693c-4f51-bcdd-4a1ee6bcd7f8 | true", "uuid | 7698dcf9693c4f51bcdd4a1ee6bcd7f8 | false",
        "json-pointer | /a~1b | true", "json-pointer | a | false", "json-pointer | /~2 | false", "relative-json-pointer | 1/a | true",
        "relative-json-pointer | 01 | false", "regex | ^(a | false", "regex | ^a$ | true"
    })
    void formatsAreAsserted(String format, String text, boolean holds) {
        assertEquals(holds, Formats.of(format).test(text));
    }

    @Test
    void aPatternMayHoldNul() {
        assertEquals(true, EcmaPattern.compile("^\\0$").matcher("\0").find());
    }

    @Test
    void whatCannotBeCheckedIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> Formats.of("iri"));
        assertThrows(PatternSyntaxException.class, () -> EcmaPattern.compile("(a"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "{\"x-1\": 1} | true", "{\"x-1\": \"a\"} | false", "{\"y\": 1} | false", "{\"a\": {\"b\": [1, 1]}} | false", "{\"a\": {\"b\": [1, 2]}} | true"
    })
    void patternPropertiesLeaveNothingAdditional(String value, boolean valid, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("b.json"), "{\"$defs\": {\"list\": {\"type\": \"array\", \"uniqueItems\": true}}}");
        Path file = Files.writeString(folder.resolve("a.yaml"), """
                $schema: https://json-schema.org/draft/2020-12/schema
                properties: { a: { properties: { b: { $ref: './b.json#/$defs/list' } } } }
                patternProperties: { '^x-\\d$': { type: integer } }
                additionalProperties: false
                """);
        Documents documents = new Documents();
        Schema schema = new Schemas(documents).payload(documents.open(file));
        assertEquals(valid, schema.fault(Json.parse(Sample.bytes(value)).orElseThrow()).isEmpty());
    }

    /** Of several events that first need a file at once the library would find it missing for some. */
    @Test
    void everyFileIsReadBeforeTheFirstEvent(@TempDir Path folder) throws Exception {
        Path last = Files.writeString(folder.resolve("c.json"), "{\"type\": \"string\"}");
        Path other = Files.writeString(folder.resolve("b.json"), "{\"$defs\": {\"text\": {\"$ref\": \"c.json\"}}, \"const\": {\"$ref\": \"d.json\"}}");
        Path file = Files.writeString(folder.resolve("a.yaml"), "properties: { a: { $ref: './b.json#/$defs/text' } }");
        Documents documents = new Documents();
        Schema schema = new Schemas(documents).payload(documents.open(file));
        Files.delete(last);
        Files.delete(other);
        assertEquals(true, schema.fault(Json.NODES.objectNode().put("a", "b")).isEmpty());
        assertEquals(false, schema.fault(Json.NODES.objectNode().put("a", 1)).isEmpty());
    }
}
