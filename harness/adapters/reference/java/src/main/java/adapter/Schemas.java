package adapter;

import adapter.Documents.Place;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.harrel.jsonschema.Draft2020EvaluatorFactory;
import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * JSON Schema 2020-12 with every format asserted (E5), and with regular expressions that mean what ECMA-262 has them mean: the library
 * takes them for Java's.
 */
final class Schemas {
    private static final Set<String> UNCHECKED = Set.of("traceparent", "tracestate");

    private final Documents documents;
    private final Validator payloads = validator();
    private final Validator headers = validator();
    private final Set<URI> registered = new HashSet<>();

    Schemas(Documents documents) {
        this.documents = documents;
    }

    Schema payload(Place place) throws Misconfigured {
        register(place.location());
        return new Schema(payloads, place);
    }

    /** For a header schema: trace context is copied and never checked, whatever the schema says of it (E2). */
    Schema headers(Place place) throws Misconfigured {
        register(place.location());
        return new Schema(headers, place);
    }

    /**
     * Registers a file, and all files that its $refs name. Left to the library a file would be read when an event first needs it, and of
     * several events that need it at once all but one would find it missing.
     */
    private void register(URI location) throws Misconfigured {
        URI file = URI.create(location.toString().replaceFirst("#.*", ""));
        Path path = Path.of(file.getPath());
        // A $ref in a const or an example leads nowhere.
        if (!Files.exists(path) || !registered.add(file)) {
            return;
        }
        JsonNode document = documents.load(path);
        payloads.registerSchema(file, (Object) document);
        headers.registerSchema(file, (Object) withoutTrace(document.deepCopy()));
        for (String reference : document.findValuesAsText("$ref")) {
            URI target = file.resolve(reference);
            if ("file".equals(target.getScheme())) {
                register(target);
            }
        }
    }

    private static Validator validator() {
        return new ValidatorFactory()
                .withJsonNodeFactory(new Trees())
                .withDisabledSchemaValidation(true) // the contract was checked before it was handed out
                .withEvaluatorFactory(EvaluatorFactory.compose(Schemas::evaluator, new Draft2020EvaluatorFactory()))
                .createValidator();
    }

    /** The keywords that are evaluated here and not by the library. What cannot be kept is refused at the start. */
    private static Optional<Evaluator> evaluator(SchemaParsingContext context, String keyword, dev.harrel.jsonschema.JsonNode value) {
        return switch (keyword) {
            case "pattern" -> value.isString() ? Optional.of(matching(EcmaPattern.compile(value.asString()))) : Optional.empty();
            case "format" -> value.isString() ? Optional.of(text(Formats.of(value.asString()))) : Optional.empty();
            case "patternProperties" -> value.isObject() ? Optional.of(new PatternProperties(context, value)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Evaluator matching(Pattern pattern) {
        return text(value -> pattern.matcher(value).find());
    }

    private static Evaluator text(Predicate<String> holds) {
        return (context, value) -> !value.isString() || holds.test(value.asString())
                ? Evaluator.Result.success()
                : Evaluator.Result.failure("does not hold");
    }

    /** The library's own makes an ObjectMapper first, a twentieth of a start, and is hardly ever given a text here. */
    private static final class Trees implements JsonNodeFactory {
        private static final JsonNodeFactory WRAPPING = new JacksonNode.Factory(null);

        @Override
        public dev.harrel.jsonschema.JsonNode wrap(Object tree) {
            return WRAPPING.wrap(tree);
        }

        @Override
        public dev.harrel.jsonschema.JsonNode create(String text) {
            return new JacksonNode.Factory().create(text);
        }
    }

    private static final class PatternProperties implements Evaluator {
        private final Map<Pattern, String> schemas = new HashMap<>();

        PatternProperties(SchemaParsingContext context, dev.harrel.jsonschema.JsonNode value) {
            value.asObject().forEach((pattern, schema) -> schemas.put(EcmaPattern.compile(pattern), context.getAbsoluteUri(schema)));
        }

        @Override
        public Result evaluate(EvaluationContext context, dev.harrel.jsonschema.JsonNode value) {
            if (!value.isObject()) {
                return Result.success();
            }
            Set<String> matched = new HashSet<>(); // additionalProperties and unevaluatedProperties leave them out
            boolean valid = true;
            for (Map.Entry<String, dev.harrel.jsonschema.JsonNode> member : value.asObject().entrySet()) {
                for (Map.Entry<Pattern, String> schema : schemas.entrySet()) {
                    if (schema.getKey().matcher(member.getKey()).find()) {
                        matched.add(member.getKey());
                        valid = context.resolveInternalRefAndValidate(schema.getValue(), member.getValue()) && valid;
                    }
                }
            }
            return valid ? Result.success(matched) : Result.failure("does not hold");
        }
    }

    private static JsonNode withoutTrace(JsonNode value) {
        if (value instanceof ObjectNode members) {
            if (members.get("properties") instanceof ObjectNode properties) {
                properties.remove(UNCHECKED);
            }
            if (members.get("required") instanceof ArrayNode required) {
                for (int at = required.size() - 1; at >= 0; at--) {
                    if (UNCHECKED.contains(required.get(at).asText())) {
                        required.remove(at);
                    }
                }
            }
        }
        value.forEach(Schemas::withoutTrace);
        return value;
    }
}
