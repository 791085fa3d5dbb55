package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The subject of an event: the channel's address, its parameters filled from the event (N2). */
final class Subject {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)\\}");
    private static final Pattern LOCATION = Pattern.compile("\\$message\\.(header|payload)#(/.+)");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9/_=-]+");

    private Subject() {}

    /** Absent where a value is, or could not be part of a subject. */
    static Optional<String> of(Flow flow, Event event, JsonNode payload) {
        StringBuilder subject = new StringBuilder();
        Matcher parameter = PARAMETER.matcher(flow.address());
        while (parameter.find()) {
            Optional<String> value = valueAt(flow.parameters().getOrDefault(parameter.group(1), ""), event, payload)
                    .filter(VALUE.asMatchPredicate());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            parameter.appendReplacement(subject, Matcher.quoteReplacement(value.get()));
        }
        return Optional.of(parameter.appendTail(subject).toString());
    }

    private static Optional<String> valueAt(String expression, Event event, JsonNode payload) {
        Matcher location = LOCATION.matcher(expression);
        if (!location.matches()) {
            return Optional.empty();
        }
        if (location.group(1).equals("header")) {
            return Optional.ofNullable(event.headers().get(location.group(2).substring(1).toLowerCase(Locale.ROOT)));
        }
        return Pointer.of(location.group(2)).in(payload).stream().findFirst().flatMap(Json::textOf);
    }
}
