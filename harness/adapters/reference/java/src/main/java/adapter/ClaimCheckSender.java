package adapter;

import io.nats.client.api.ObjectInfo;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** Brings a bundle from the application into the store before its event is published (C1). */
final class ClaimCheckSender extends StreamSender {
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(30);

    private final Contents contents;

    ClaimCheckSender(Context context, Flow flow) {
        super(context, flow);
        contents = new Contents(context.bus(), flow.terms().bucket());
    }

    @Override
    public void open() throws Exception {
        contents.open();
        super.open();
    }

    @Override
    protected Answer store(Event event, String subject) throws Exception {
        if (memory.recall(event) == Memory.Recollection.OTHER) {
            return raiseConflict(event); // another bundle's objects have the names of this one's: they must not be written over
        }
        for (Item item : Item.of(event)) {
            if (!staged(item)) {
                return Answer.CONTENT;
            }
        }
        return super.store(event, subject);
    }

    /** Whether the item is in the store, whole and right. What is wrong is deleted. */
    private boolean staged(Item item) throws Exception {
        Optional<ObjectInfo> there = contents.find(item);
        if (there.isPresent() && item.fits(there.get())) {
            return true;
        }
        try {
            if (item.fits(contents.put(item, content(item)))) {
                return true;
            }
        } catch (TooLong | FileNotFoundException e) {
            // what was there before, under this name, is not what the manifest says either
        }
        contents.remove(item);
        return false;
    }

    private InputStream content(Item item) throws IOException {
        return new UpToItem(context.application().content(item.id(), item.index(), ANSWER_WAIT), item.bytes());
    }

    /** More content than the manifest says. */
    private static final class TooLong extends IOException {}

    private static final class UpToItem extends FilterInputStream {
        private long left;

        UpToItem(InputStream content, long left) {
            super(content);
            this.left = left;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            left -= Math.max(count, 0);
            if (left < 0) {
                throw new TooLong();
            }
            return count;
        }
    }
}
