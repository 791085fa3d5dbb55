package adapter;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The formats of JSON Schema that a contract may use. */
final class Formats {
    private static final Predicate<String> TIME_FORM = matching(Rfc3339.TIME);
    private static final Predicate<String> DATE_FORM = matching("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Predicate<String> VISIBLE = matching("[!-~]*");
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String TOKENS = "(?:/(?:[^~/]|~[01])*)*";

    private static final Map<String, Predicate<String>> KNOWN = Map.ofEntries(
            Map.entry("date", Formats::isDate),
            Map.entry("time", Formats::isTime),
            Map.entry("date-time", text -> text.matches("(?s).{10}[Tt].*") && isDate(text.substring(0, 10)) && isTime(text.substring(11))),
            Map.entry("duration", matching("P(?=[0-9T])(?:(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
                    + "(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?|[0-9]+W)")),
            Map.entry("email", matching("%1$s(?:\\.%1$s)*@(?:%2$s\\.)+%2$s".formatted(ATOM, LABEL))),
            Map.entry("hostname", matching("(?=.{1,253}\\z)%1$s(?:\\.%1$s)*".formatted(LABEL))),
            Map.entry("ipv4", matching("%1$s(?:\\.%1$s){3}".formatted(BYTE))),
            Map.entry("ipv6", Formats::isIpv6),
            Map.entry("uri", text -> isUri(text) && URI.create(text).isAbsolute()),
            Map.entry("uri-reference", Formats::isUri),
            Map.entry("uri-template", matching("(?:[^\\x00-\\x20\"'<>%\\\\^`{|}]|%[0-9A-Fa-f]{2}|\\{[+#./;?&=,!@|]?"
                    + "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+(?::[1-9][0-9]{0,3}|\\*)?(?:,(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+"
                    + "(?::[1-9][0-9]{0,3}|\\*)?)*\\})*")),
            Map.entry("uuid", matching("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")),
            Map.entry("json-pointer", matching(TOKENS)),
            Map.entry("relative-json-pointer", matching("(?:0|[1-9][0-9]*)(?:#|" + TOKENS + ")")),
            Map.entry("regex", Formats::isRegex));

    private Formats() {}

    /** Throws IllegalArgumentException for a format that cannot be checked here. */
    static Predicate<String> of(String name) {
        Predicate<String> known = KNOWN.get(name);
        if (known == null) {
            throw new IllegalArgumentException("format " + name + " cannot be checked here");
        }
        return known;
    }

    private static Predicate<String> matching(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static boolean isDate(String text) {
        try {
            return DATE_FORM.test(text) && LocalDate.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** A leap second is the last of a day in UTC. */
    private static boolean isTime(String text) {
        if (!TIME_FORM.test(text)) {
            return false;
        }
        if (!text.startsWith("60", 6)) {
            return true;
        }
        ZoneOffset offset = ZoneOffset.of(text.replaceFirst("[0-9:.]*", "").toUpperCase());
        int minutes = LocalTime.parse(text.substring(0, 5)).toSecondOfDay() / 60 - offset.getTotalSeconds() / 60;
        return Math.floorMod(minutes, 24 * 60) == 24 * 60 - 1;
    }

    private static boolean isIpv6(String text) {
        try {
            // With a colon in it, and nothing but digits, colons and dots, it is never looked up.
            return text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*") && InetAddress.getByName(text) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            return VISIBLE.test(text) && new URI(text) != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isRegex(String text) {
        try {
            return EcmaPattern.compile(text) != null;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
