package adapter;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Regular expressions of JSON Schema, which are ECMA-262's with its flag u, as Java's. Java reads the same text otherwise: $ matches before
 * a last line feed, \v, \s, \b and . take other characters, and a class knows [ and &&.
 */
final class EcmaPattern {
    private static final String SPACE = "\\t-\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
    private static final String WORD = "[A-Za-z0-9_]";
    private static final Map<String, String> ESCAPES = Map.of(
            "s", "[" + SPACE + "]", "S", "[^" + SPACE + "]", "v", "\\x0b", "0", "\\x00",
            "b", "(?:(?<=%1$s)(?!%1$s)|(?<!%1$s)(?=%1$s))".formatted(WORD),
            "B", "(?:(?<=%1$s)(?=%1$s)|(?<!%1$s)(?!%1$s))".formatted(WORD));
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(?:u\\{(?<point>[0-9A-Fa-f]+)\\}|c(?<control>[A-Za-z])|(?<digits>[1-9][0-9]*)|(?<other>.))", Pattern.DOTALL);

    private EcmaPattern() {}

    /** Throws PatternSyntaxException where it is no pattern, or one that Java has no words for. */
    static Pattern compile(String pattern) {
        StringBuilder java = new StringBuilder();
        Matcher escape = ESCAPE.matcher(pattern);
        boolean inClass = false;
        for (int at = 0; at < pattern.length(); ) {
            char character = pattern.charAt(at);
            if (character == '\\' && escape.region(at, pattern.length()).lookingAt()) {
                java.append(escaped(escape, inClass));
                at = escape.end();
            } else if (inClass) {
                inClass = character != ']';
                java.append(character == '[' || character == '&' ? "\\" + character : character);
                at++;
            } else if (pattern.startsWith("[]", at) || pattern.startsWith("[^]", at)) {
                java.append(pattern.charAt(at + 1) == ']' ? "(?!)" : "(?s:.)");
                at = pattern.indexOf(']', at) + 1;
            } else {
                inClass = character == '[';
                java.append(character == '$' ? "\\z" : character == '.' ? "[^\\n\\r\\u2028\\u2029]" : String.valueOf(character));
                at++;
            }
        }
        return Pattern.compile(java.toString());
    }

    private static String escaped(Matcher escape, boolean inClass) {
        if (escape.group("point") != null) {
            return "\\x{" + escape.group("point") + "}";
        }
        if (escape.group("control") != null) {
            return "\\x%02x".formatted(escape.group("control").charAt(0) % 32);
        }
        String other = escape.group("other");
        if (inClass && "b".equals(other)) {
            return "\\x08";
        }
        return other == null ? escape.group() : ESCAPES.getOrDefault(other, escape.group());
    }
}
