package io.asyncbatcher.grpc;

import com.google.protobuf.ByteString;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.TimeSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One item on its way to a worker and back: the caller's future. The lane's outbox bounds its time while it is queued, its own
 * alarm from the first time that it is written to a stream.
 */
final class RemoteCall<R extends @Nullable Object> extends CompletableFuture<R> {

    /** What a call reports to while it is with a worker. */
    interface Carrier {

        /** The caller doesn't wait any more; ignored for a call that has been answered. */
        void withdraw(RemoteCall<?> call);
    }

    final ByteString payload;
    final @Nullable String partitionKey;
    final Map<String, String> trace;
    final long submittedNanos;
    private final Codec<R> results;
    private final long timeoutNanos;

    private long turn;

    // Written by the lane, in its order; read by whoever settles the call.
    private volatile boolean mayHaveRun;
    private volatile boolean written;
    private volatile @Nullable Carrier carrier;
    private volatile TimeSource.@Nullable Alarm alarm;
    private volatile boolean ended;
    private volatile boolean repeated;
    private volatile long writtenNanos;
    private volatile long id;

    RemoteCall(
            ByteString payload,
            @Nullable String partitionKey,
            Map<String, String> trace,
            Codec<R> results,
            long submittedNanos,
            long timeoutNanos) {
        this.payload = payload;
        this.partitionKey = partitionKey;
        this.trace = trace;
        this.results = results;
        this.submittedNanos = submittedNanos;
        this.timeoutNanos = timeoutNanos;
    }

    /** At most so many bytes of a frame. A character has three bytes at most. */
    long weight() {
        long bytes = payload.size() + (long) Wire.ENTRY_BYTES;
        if (partitionKey != null) {
            bytes += 3L * partitionKey.length();
        }
        for (Map.Entry<String, String> field : trace.entrySet()) {
            bytes += 3L * (field.getKey().length() + field.getValue().length()) + Wire.ENTRY_BYTES;
        }
        return bytes;
    }

    long remainingNanos(long now) {
        return timeoutNanos - (now - submittedNanos);
    }

    long id() {
        return id;
    }

    /** Its place among all that its lane sends. Confined to the lane, as the setter is. */
    long turn() {
        return turn;
    }

    void turn(long place) {
        turn = place;
    }

    long writtenNanos() {
        return writtenNanos;
    }

    /** It is about to be written to a stream. From now on a worker may run it. */
    void leaves(Carrier to, long newId, long now) {
        id = newId;
        writtenNanos = now;
        written = true;
        carrier = to;
    }

    /** The stream's alarm for its deadline, set once. */
    void alarm(TimeSource time, Runnable expiry, long now) {
        if (alarm == null) {
            alarm = time.schedule(expiry, remainingNanos(now));
        }
    }

    /** The worker has not accepted it. */
    void isBack() {
        written = false;
        carrier = null;
    }

    /** The worker is lost, and it may have run there. */
    void isLost() {
        isBack();
        mayHaveRun = true;
    }

    /** Whether it may be sent once more though it may have run; true once. */
    boolean repeat() {
        boolean first = !repeated;
        repeated = true;
        return first;
    }

    boolean isWritten() {
        return written;
    }

    /** Whether it may have run at a worker that was lost. */
    boolean hadRunBefore() {
        return mayHaveRun;
    }

    boolean mayHaveRun() {
        return mayHaveRun || written;
    }

    /** Whether the client or the worker has ended it, rather than its caller. */
    boolean wasEnded() {
        return ended;
    }

    void fail(Throwable failure) {
        ended = true;
        completeExceptionally(failure);
    }

    void expire(String batcher) {
        boolean ran = mayHaveRun();
        fail(new ItemExpiredException(
                "An item of batcher '" + batcher + "' was given up when its timeout was over; it "
                        + (ran ? "was with a worker and may have run" : "has not run"),
                ran));
    }

    /** What the worker answered, decoded. */
    void succeed(@Nullable ByteString result) {
        if (result == null) {
            ended = true;
            completeWithNull();
            return;
        }
        R decoded;
        try {
            decoded = results.decode(result.toByteArray());
        } catch (Throwable e) { // a codec is user code
            fail(e);
            return;
        }
        ended = true;
        complete(decoded);
    }

    @SuppressWarnings("NullAway") // a null result is the worker's: its R allows it
    private void completeWithNull() {
        complete(null);
    }

    /** After it was settled, by whomever. */
    void settled() {
        Carrier with = carrier;
        if (with != null) {
            with.withdraw(this);
        }
        TimeSource.Alarm set = alarm;
        if (set != null) {
            set.cancel();
        }
    }
}
