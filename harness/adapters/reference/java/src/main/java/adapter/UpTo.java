package adapter;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Reads a body up to a number of bytes; the rest is not waited for. */
final class UpTo implements BodySubscriber<byte[]> {
    private final int limit;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Subscription subscription;

    UpTo(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            byte[] bytes = new byte[Math.min(part.remaining(), limit - read.size())];
            part.get(bytes);
            read.writeBytes(bytes);
        }
        if (read.size() >= limit) {
            subscription.cancel();
            onComplete();
        }
    }

    /** An answer that breaks off has its status, and no event. */
    @Override
    public void onError(Throwable cause) {
        body.complete(new byte[0]);
    }

    @Override
    public void onComplete() {
        body.complete(read.toByteArray());
    }
}
