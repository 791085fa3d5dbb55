package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A JSON Pointer in which * stands for every item of an array. */
record Pointer(List<String> tokens) {

    static Pointer of(String text) {
        return new Pointer(Arrays.stream(text.split("/", -1)).skip(1).map(Pointer::unescape).toList());
    }

    static String unescape(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }

    static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }

    /** The values that it finds; unknown places give none. */
    List<JsonNode> in(JsonNode value) {
        List<JsonNode> found = List.of(value);
        for (String token : tokens) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode at : found) {
                if (at.isArray() && token.equals("*")) {
                    at.forEach(next::add);
                } else {
                    JsonNode member = at.isArray() ? item(at, token) : at.get(token);
                    if (member != null) {
                        next.add(member);
                    }
                }
            }
            found = next;
        }
        return found;
    }

    private static JsonNode item(JsonNode array, String token) {
        return token.matches("0|[1-9][0-9]{0,8}") ? array.get(Integer.parseInt(token)) : null;
    }
}
