package dev.understudy.sandbox.control.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects a response's body up to a limit and then drops the connection. */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final Optional<TooLargeException> refused;
    private final int maxBytes;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /** A response that exceeds a limit; its message names the limit. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(String message) {
            super(message);
        }
    }

    private BoundedBody(Optional<TooLargeException> refused, int maxBytes) {
        this.refused = refused;
        this.maxBytes = maxBytes;
    }

    static BodyHandler<byte[]> handler(int maxBodyBytes, int maxHeaderBytes) {
        return info -> new BoundedBody(refusal(info, maxHeaderBytes), maxBodyBytes);
    }

    private static Optional<TooLargeException> refusal(ResponseInfo info, int maxHeaderBytes) {
        long size = info.headers().map().entrySet().stream()
                .mapToLong(header -> header.getValue().stream()
                        .mapToLong(value -> header.getKey().length() + (long) value.length())
                        .sum())
                .sum();
        if (size <= maxHeaderBytes) return Optional.empty();
        return Optional.of(new TooLargeException("the response's headers exceed " + maxHeaderBytes + " bytes"));
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        refused.ifPresentOrElse(this::refuse, () -> subscription.request(Long.MAX_VALUE));
    }

    private void refuse(TooLargeException why) {
        // In this order: HTTP/2 answers the cancelling with an error of its own.
        body.completeExceptionally(why);
        if (subscription != null) subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) return;
        for (ByteBuffer buffer : buffers) {
            if (buffer.remaining() > maxBytes - collected.size()) {
                refuse(new TooLargeException("the response exceeds " + maxBytes + " bytes"));
                return;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            collected.writeBytes(bytes);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(collected.toByteArray());
    }
}
