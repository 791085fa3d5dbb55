package adapter;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What the adapter is told by its environment. */
record Settings(
        Path contract, String application, String applicationUrl, int listenPort,
        String busUrl, String inboxPrefix,
        Optional<Path> credentials, Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

    static Settings of(Map<String, String> environment) throws Misconfigured {
        return new Settings(
                Path.of(required(environment, "CONTRACT")), required(environment, "APPLICATION"),
                required(environment, "APPLICATION_URL"), port(required(environment, "LISTEN_PORT")),
                required(environment, "BUS_URL"), required(environment, "INBOX_PREFIX"),
                path(environment, "BUS_CREDENTIALS"), path(environment, "BUS_CA"),
                path(environment, "BUS_CERT"), path(environment, "BUS_KEY"));
    }

    private static String required(Map<String, String> environment, String name) throws Misconfigured {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new Misconfigured(name + " is not set: see ADAPTERS.md, Environment and life");
        }
        return value;
    }

    private static int port(String text) throws Misconfigured {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Misconfigured("LISTEN_PORT is no number: " + text);
        }
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty()).map(Path::of);
    }
}
