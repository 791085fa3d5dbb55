package adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.api.ObjectInfo;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * One entry of a bundle's manifest: what the object must be.
 *
 * @param sha256 in hex
 */
record Item(String id, int index, long bytes, String sha256) {
    private static final Pointer MANIFEST = Pointer.of("/manifest/*");

    static List<Item> of(Event event) {
        List<Item> items = new ArrayList<>();
        for (JsonNode entry : Json.parse(event.body()).map(MANIFEST::in).orElse(List.of())) {
            String digest = entry.path("sha256").asText().toLowerCase(Locale.ROOT);
            items.add(new Item(event.id(), items.size(), entry.path("bytes").asLong(), digest));
        }
        return items;
    }

    /** The object's name in the bucket. */
    String object() {
        return id + "/" + index;
    }

    boolean fits(ObjectInfo info) {
        return info.getSize() == bytes && sha256Of(info).equals(sha256);
    }

    /** In hex; the store writes base64, with or without its padding. */
    private static String sha256Of(ObjectInfo info) {
        try {
            String digest = info.getDigest() == null ? "" : info.getDigest().replaceFirst("^SHA-256=", "").replace("=", "");
            return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(digest));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
