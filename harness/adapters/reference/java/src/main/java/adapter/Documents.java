package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The AsyncAPI document and the files beside it, YAML 1.2 or JSON, each read once. */
final class Documents {
    private final Map<Path, JsonNode> read = new HashMap<>();

    /** The document at a path, from its top. */
    Place open(Path path) throws Misconfigured {
        Path file = path.toAbsolutePath().normalize();
        return new Place(file, List.of(), load(file));
    }

    JsonNode load(Path file) throws Misconfigured {
        JsonNode known = read.get(file);
        if (known != null) {
            return known;
        }
        try {
            String text = Files.readString(file);
            JsonNode tree = file.toString().endsWith(".json") ? Json.read(text) : yaml(text);
            read.put(file, tree);
            return tree;
        } catch (IOException | YamlEngineException e) {
            throw new Misconfigured(file + ": " + e.getMessage());
        }
    }

    private static JsonNode yaml(String text) {
        LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).setAllowDuplicateKeys(false).build();
        return tree(new Load(settings).loadFromString(text));
    }

    private static JsonNode tree(Object value) {
        if (value instanceof Map<?, ?> members) {
            ObjectNode tree = Json.NODES.objectNode();
            members.forEach((name, member) -> tree.set(String.valueOf(name), tree(member)));
            return tree;
        }
        if (value instanceof List<?> items) {
            ArrayNode tree = Json.NODES.arrayNode();
            items.forEach(item -> tree.add(tree(item)));
            return tree;
        }
        if (value instanceof Integer number) {
            return Json.NODES.numberNode(number.intValue());
        }
        if (value instanceof Long number) {
            return Json.NODES.numberNode(number.longValue());
        }
        if (value instanceof BigInteger number) {
            return Json.NODES.numberNode(number);
        }
        if (value instanceof Double number) {
            return Json.NODES.numberNode(number.doubleValue());
        }
        if (value instanceof Boolean truth) {
            return Json.NODES.booleanNode(truth);
        }
        return value == null ? Json.NODES.nullNode() : Json.NODES.textNode(value.toString());
    }

    /** A place in a document: what $refs are relative to, and what tells one place from another. */
    final class Place {
        private final Path file;
        private final List<String> pointer;
        private final JsonNode value;

        private Place(Path file, List<String> pointer, JsonNode value) {
            this.file = file;
            this.pointer = pointer;
            this.value = value;
        }

        JsonNode value() {
            return value;
        }

        boolean exists() {
            return !value.isMissingNode() && !value.isNull();
        }

        /** With the pointer in the fragment. */
        URI location() {
            StringBuilder fragment = new StringBuilder();
            pointer.forEach(token -> fragment.append('/').append(Pointer.escape(token)));
            try {
                return new URI("file", null, file.toUri().getPath(), fragment.toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e); // the path came from a URI
            }
        }

        /** The member of that name, as it stands: a $ref is not followed. */
        Place child(String name) {
            List<String> longer = new ArrayList<>(pointer);
            longer.add(name);
            JsonNode member = value.get(name);
            return new Place(file, List.copyOf(longer), member == null ? MissingNode.getInstance() : member);
        }

        /** The items of an array, as they stand. */
        List<Place> items() {
            List<Place> items = new ArrayList<>();
            for (int at = 0; at < value.size() && value.isArray(); at++) {
                List<String> longer = new ArrayList<>(pointer);
                longer.add(Integer.toString(at));
                items.add(new Place(file, List.copyOf(longer), value.get(at)));
            }
            return items;
        }

        /** Where a $ref leads, if there is one. */
        Place follow() throws Misconfigured {
            Place at = this;
            for (int step = 0; step < 16; step++) {
                if (!at.value.path("$ref").isTextual()) {
                    return at;
                }
                at = at.target(at.value.path("$ref").asText());
            }
            throw new Misconfigured(location() + ": $ref in a circle");
        }

        private Place target(String reference) throws Misconfigured {
            int hash = reference.indexOf('#');
            String path = hash < 0 ? reference : reference.substring(0, hash);
            Path other = path.isEmpty() ? file : file.resolveSibling(path).normalize();
            Place found = new Place(other, List.of(), load(other));
            for (String token : (hash < 0 ? "" : reference.substring(hash + 1)).split("/")) {
                if (!token.isEmpty()) {
                    found = found.child(Pointer.unescape(URI.create("#" + token).getFragment()));
                }
            }
            if (!found.exists()) {
                throw new Misconfigured(location() + ": $ref " + reference + " leads nowhere");
            }
            return found;
        }

        /** The members of an object, by name, each with its $ref followed. */
        Map<String, Place> members() throws Misconfigured {
            Map<String, Place> members = new LinkedHashMap<>();
            for (var names = value.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                members.put(name, child(name).follow());
            }
            return members;
        }
    }
}
