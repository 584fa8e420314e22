package io.asyncbatcher.grpc;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.RejectionReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An observer of a client, as the queues of its lanes know it. A queue's item succeeds when it has been written; for the
 * observer its way isn't over then.
 */
record Relay(BatcherListener listener) implements BatcherListener {

    @Override
    public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
        if (outcome != ItemOutcome.SUCCESS) {
            listener.onSettled(batcher, outcome, latencyNanos);
        }
    }

    @Override
    public void onRejected(String batcher, RejectionReason reason) {
        listener.onRejected(batcher, reason);
    }

    @Override
    public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
        listener.onDispatched(batcher, reason, queueNanos);
    }

    @Override
    public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
        listener.onFinished(batcher, outcome, size, durationNanos);
    }

    @Override
    public void onRateLimited(String batcher, long heldNanos) {
        listener.onRateLimited(batcher, heldNanos);
    }

    @Override
    public @Nullable ListenerContext onSubmitted(String batcher) {
        return listener.onSubmitted(batcher);
    }

    @Override
    public @Nullable BatchContext onBatch(
            String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
        return listener.onBatch(batcher, reason, size, callers);
    }
}
