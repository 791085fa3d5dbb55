package adapter;

import adapter.Documents.Place;
import com.fasterxml.jackson.databind.JsonNode;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.Validator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A JSON Schema of the contract. */
record Schema(Validator validator, Place place) {

    /**
     * Names the keyword that is not met and the file that it stands in; absent where the value is valid. The library's own message quotes
     * values, which must not be logged (L4).
     */
    Optional<String> fault(JsonNode value) {
        try {
            Validator.Result result = validator.validate(place.location(), value);
            if (result.isValid()) {
                return Optional.empty();
            }
            return Optional.of(result.getErrors().stream().findFirst().map(Schema::described).orElse("no value is allowed"));
        } catch (StackOverflowError e) {
            return Optional.of("nested too deeply");
        }
    }

    private static String described(Error error) {
        String schema = error.getSchemaLocation();
        return error.getKeyword() + " in " + schema.substring(schema.lastIndexOf('/', schema.indexOf('#')) + 1);
    }

    /** The properties of an object schema by name, with those of its $ref and allOf. */
    Map<String, Place> properties() throws Misconfigured {
        Map<String, Place> found = new LinkedHashMap<>();
        addProperties(place, found);
        return found;
    }

    private static void addProperties(Place schema, Map<String, Place> found) throws Misconfigured {
        Place own = schema.child("properties");
        for (var names = own.value().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            // Of several what says most: refusal() looks for a const.
            if (!found.containsKey(name) || own.child(name).value().has("const")) {
                found.put(name, own.child(name));
            }
        }
        if (schema.value().has("$ref")) {
            addProperties(schema.follow(), found);
        }
        for (Place part : schema.child("allOf").items()) {
            addProperties(part, found);
        }
    }
}
