package io.asyncbatcher.grpc;

import com.google.protobuf.ByteString;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.grpc.wire.Answer;
import io.asyncbatcher.grpc.wire.Failure;
import io.asyncbatcher.grpc.wire.Hello;
import io.asyncbatcher.grpc.wire.Item;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A batcher that clients can reach, with the codecs of its items and results. */
record Exposed<T, R extends @Nullable Object>(AsyncBatcher<T, R> batcher, Codec<T> items, Codec<R> results) {

    /** What a client is told that can't be served; null where it can. */
    @Nullable
    String mismatch(Hello hello) {
        if (hello.getItemCodec().equals(items.name()) && hello.getResultCodec().equals(results.name())) {
            return null;
        }
        return "Batcher '" + batcher.name() + "' takes items as " + items.name() + " and gives results as "
                + results.name() + ", but the client has " + hello.getItemCodec() + " and " + hello.getResultCodec();
    }

    /**
     * Hands a client's item to the batcher.
     *
     * @param answer gets the answer, once, on the thread that settles the item
     * @return the way to withdraw the item; null if it was answered at once
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns fails where the item does
    @Nullable
    CompletableFuture<?> submit(Item item, String client, WorkerSetup setup, Consumer<Answer> answer) {
        T decoded;
        try {
            decoded = items.decode(item.getPayload().toByteArray());
        } catch (Throwable e) { // a codec is user code, and the bytes are anybody's
            answer.accept(failed(item, Failures.unreadable("The worker can't read the item", e, false)));
            return null;
        }
        CompletableFuture<R> future = submit(decoded, item, client, setup);
        future.whenComplete((result, failure) -> answer.accept(answer(item, result, failure, setup)));
        return future;
    }

    private CompletableFuture<R> submit(T decoded, Item item, String client, WorkerSetup setup) {
        String key = item.getPartitionKey();
        new RemoteItem(client, key.isEmpty() ? null : key).enter();
        try {
            ListenerContext.Scope trace = trace(item, setup.tracing());
            try {
                return batcher.process(decoded, remaining(item));
            } finally {
                trace.close();
            }
        } catch (Throwable e) { // the batcher or the tracer, which are the user's
            return CompletableFuture.failedFuture(e);
        } finally {
            RemoteItem.leave();
        }
    }

    private static ListenerContext.Scope trace(Item item, @Nullable TracePropagation tracing) {
        return tracing == null || item.getTraceCount() == 0 ? () -> {} : tracing.open(item.getTraceMap());
    }

    /** The time that its caller goes on waiting, which the batcher doesn't dispatch it after, and no more than an item of this batcher may take. */
    private Duration remaining(Item item) {
        long micros = item.getRemainingMicros(); // unsigned: what is negative here is more than anybody waits
        Duration callers = Duration.of(micros < 0 ? Long.MAX_VALUE / 1_000 : micros, ChronoUnit.MICROS);
        Duration own = batcher.options().itemTimeout();
        return own != null && own.compareTo(callers) < 0 ? own : callers;
    }

    private Answer answer(Item item, @Nullable R result, @Nullable Throwable failure, WorkerSetup setup) {
        if (failure != null) {
            return failed(item, Failures.toWire(failure, setup.failureMessages()));
        }
        if (result == null) {
            return Answer.newBuilder().setId(item.getId()).build();
        }
        byte[] encoded;
        try {
            encoded = results.encode(result);
        } catch (Throwable e) { // a codec is user code
            return failed(item, Failures.unreadable("The worker can't write the result", e, true));
        }
        if (encoded.length > Wire.MAX_FRAME_BYTES - Wire.FRAME_BYTES - Wire.ENTRY_BYTES) {
            return failed(
                    item,
                    Failures.of(
                            Failure.Kind.UNREADABLE,
                            true,
                            "The result has " + encoded.length + " bytes and doesn't fit in a frame of "
                                    + Wire.MAX_FRAME_BYTES));
        }
        return Answer.newBuilder()
                .setId(item.getId())
                .setResult(ByteString.copyFrom(encoded))
                .build();
    }

    private static Answer failed(Item item, Failure failure) {
        return Answer.newBuilder().setId(item.getId()).setFailure(failure).build();
    }
}
