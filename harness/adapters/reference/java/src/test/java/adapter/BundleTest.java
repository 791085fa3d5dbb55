package adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void theItemsOfAManifest() {
        List<Item> items = Item.of(Sample.body("{\"manifest\":[{\"bytes\":3,\"sha256\":\"AB\"},{\"bytes\":4}]}"));
        assertEquals(List.of(new Item("t1", 0, 3, "ab"), new Item("t1", 1, 4, "")), items);
        assertEquals("t1/1", items.get(1).object());
        assertEquals(List.of(), Item.of(Sample.body("{}")));
    }

    @Test
    void anObjectFitsBySizeAndDigest() {
        assertTrue(new Item("t1", 0, 0, EMPTY).fits(empty("SHA-256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")));
        assertTrue(new Item("t1", 0, 0, EMPTY).fits(empty("SHA-256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")));
        assertFalse(new Item("t1", 0, 1, EMPTY).fits(empty("SHA-256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")));
        assertFalse(new Item("t1", 0, 0, "00").fits(empty("SHA-256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")));
        assertFalse(new Item("t1", 0, 0, EMPTY).fits(empty("no digest")));
    }

    private static ObjectInfo empty(String digest) {
        return ObjectInfo.builder("bucket", ObjectMeta.objectName("t1/0")).nuid("x").size(0).chunks(0).digest(digest).build();
    }
}
