package adapter;

import adapter.Documents.Place;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the effective AsyncAPI document says: its flows, which are the channels with an x-flow, by name. */
record Contract(Map<String, Flow> flows) {

    static Contract read(Path path) throws Misconfigured {
        Documents documents = new Documents();
        Place document = documents.open(path);
        Schemas schemas = new Schemas(documents);
        Map<URI, Performers> performers = performers(document, schemas);
        Map<String, Flow> flows = new LinkedHashMap<>();
        for (Map.Entry<String, Place> channel : document.child("channels").members().entrySet()) {
            if (channel.getValue().child("x-flow").exists()) {
                flows.put(channel.getKey(), flow(channel.getKey(), channel.getValue(), performers, schemas));
            }
        }
        if (flows.isEmpty()) {
            throw new Misconfigured(path + ": no channel has an x-flow");
        }
        return new Contract(flows);
    }

    /** Bytes of the largest body that any flow carries. */
    int largestBody() {
        return flows.values().stream().mapToInt(flow -> flow.terms().maxBytes()).max().orElse(0);
    }

    /** Who performs what on a channel, and what its requests are answered with. */
    private record Performers(List<String> senders, List<String> receivers, Map<String, MessageType> replies) {}

    private static Map<URI, Performers> performers(Place document, Schemas schemas) throws Misconfigured {
        Map<URI, Performers> performers = new HashMap<>();
        for (Place operation : document.child("operations").members().values()) {
            URI channel = operation.child("channel").follow().location();
            Performers found = performers.computeIfAbsent(
                    channel, key -> new Performers(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>()));
            boolean sends = operation.value().path("action").asText().equals("send");
            List<String> applications = sends ? found.senders : found.receivers;
            for (JsonNode application : operation.value().path("x-applications")) {
                if (!applications.contains(application.asText())) {
                    applications.add(application.asText());
                }
            }
            Place reply = operation.child("reply").child("channel");
            if (reply.exists()) {
                found.replies.putAll(messages(reply.follow(), schemas));
            }
        }
        return performers;
    }

    private static Flow flow(String name, Place channel, Map<URI, Performers> performers, Schemas schemas) throws Misconfigured {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, Place> parameter : channel.child("parameters").members().entrySet()) {
            parameters.put(parameter.getKey(), parameter.getValue().value().path("location").asText());
        }
        Performers who = performers.getOrDefault(channel.location(), new Performers(List.of(), List.of(), Map.of()));
        return new Flow(
                name, channel.value().path("address").asText(), parameters, messages(channel, schemas), who.replies, who.senders,
                who.receivers, Flow.Terms.of(channel.child("x-flow").follow().value()));
    }

    private static Map<String, MessageType> messages(Place channel, Schemas schemas) throws Misconfigured {
        Map<String, MessageType> messages = new LinkedHashMap<>();
        for (Place message : channel.child("messages").members().values()) {
            String name = message.value().path("name").asText();
            List<Rule> rules = new ArrayList<>();
            for (JsonNode rule : message.value().path("x-rules")) {
                rules.add(Rule.of(rule));
            }
            Schema headers = schemas.headers(message.child("headers"));
            messages.put(name, new MessageType(name, headers, schemas.payload(message.child("payload")), rules));
        }
        return messages;
    }
}
