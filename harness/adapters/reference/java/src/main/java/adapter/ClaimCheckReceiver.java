package adapter;

import io.nats.client.api.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Hands the contents of a bundle to the application before its event (C2). */
final class ClaimCheckReceiver extends Receiver {
    /** How long one item may take in all. */
    private static final Duration ITEM_WAIT = Duration.ofHours(1);

    private final Contents contents;

    ClaimCheckReceiver(Context context, Flow flow) {
        super(context, flow);
        contents = new Contents(context.bus(), flow.terms().bucket());
    }

    @Override
    public void open() throws Exception {
        contents.open();
        super.open();
    }

    @Override
    protected boolean takesLong() {
        return true;
    }

    @Override
    protected Optional<Settlement> stage(Event event) throws Exception {
        for (Item item : Item.of(event)) {
            switch (staged(item)) {
                case REJECTED -> { // C3
                    return Optional.of(refuse(event, "content") ? Settlement.terminate("content") : Settlement.RETRY);
                }
                case FAILED -> {
                    return Optional.of(Settlement.RETRY);
                }
                case ACCEPTED -> {}
            }
        }
        // Staging takes its time: what has expired meanwhile is not handed over either.
        return event.expired() ? Optional.of(Settlement.terminate("expired")) : Optional.empty();
    }

    /** Streams one item to the application. An object that is missing, or not as the manifest says, counts as rejected. */
    private Application.Meaning staged(Item item) throws Exception {
        Optional<ObjectInfo> info = contents.find(item);
        if (info.isEmpty() || !item.fits(info.get())) {
            return Application.Meaning.REJECTED;
        }
        // What the store says of an object is not taken for what it gives.
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream content = new DigestInputStream(contents.read(info.get()), digest)) {
            Application.Meaning meaning = context.application().stage(item.id(), item.index(), content, item.bytes(), ITEM_WAIT);
            boolean right = HexFormat.of().formatHex(digest.digest()).equals(item.sha256());
            return meaning == Application.Meaning.ACCEPTED && !right ? Application.Meaning.REJECTED : meaning;
        } catch (IOException e) {
            return Application.Meaning.FAILED;
        }
    }
}
