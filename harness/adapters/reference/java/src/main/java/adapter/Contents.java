package adapter;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.ObjectStore;
import io.nats.client.ObjectStoreOptions;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The objects of a claim-check bucket. A chunk of one is held in memory, and never more (C4). */
final class Contents {
    private final Bus bus;
    private final String bucket;
    private final Bus.Use<ObjectStore> store;

    Contents(Bus bus, String bucket) {
        ObjectStoreOptions options = ObjectStoreOptions.builder().jsRequestTimeout(Bus.REQUEST_WAIT).build();
        this.bus = bus;
        this.bucket = bucket;
        this.store = bus.each(connection -> connection.objectStore(bucket, options));
    }

    void open() throws Exception {
        store().getStatus();
    }

    private ObjectStore store() throws Exception {
        return store.on(bus.connection());
    }

    Optional<ObjectInfo> find(Item item) throws Exception {
        return Optional.ofNullable(store().getInfo(item.object()));
    }

    /** Streams content into the item's object, which is there only once all of it came. The content is closed. */
    ObjectInfo put(Item item, InputStream content) throws Exception {
        return store().put(ObjectMeta.objectName(item.object()), new FilterInputStream(content) {
            /** Fills what it is given: the library makes a chunk of each read, however short. */
            @Override
            public int read(byte[] into) throws IOException {
                int count = in.readNBytes(into, 0, into.length);
                return count == 0 ? -1 : count;
            }
        });
    }

    void remove(Item item) throws Exception {
        if (find(item).isPresent()) {
            store().delete(item.object());
        }
    }

    /**
     * The bytes of an object, each chunk asked for when it is wanted: the library's own get has the bus send all of them at once, which
     * wait in memory for an application that is slow. Reading fails where a chunk is missing.
     */
    InputStream read(ObjectInfo info) throws Exception {
        JetStreamManagement management = bus.management();
        String subject = "$O." + bucket + ".C." + info.getNuid();
        return new InputStream() {
            private byte[] chunk = {};
            private int at;
            private long chunks;
            private long sequence;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                while (at == chunk.length) {
                    if (chunks == info.getChunks()) {
                        return -1;
                    }
                    next();
                }
                int count = Math.min(length, chunk.length - at);
                System.arraycopy(chunk, at, into, offset, count);
                at += count;
                return count;
            }

            private void next() throws IOException {
                try {
                    var message = management.getNextMessage("OBJ_" + bucket, sequence + 1, subject);
                    sequence = message.getSeq();
                    chunk = message.getData() == null ? new byte[0] : message.getData();
                    chunks++;
                    at = 0;
                } catch (JetStreamApiException e) {
                    throw new IOException("a chunk is missing");
                }
            }
        };
    }
}
