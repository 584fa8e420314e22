package io.asyncbatcher.spring.boot.beans;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.RejectionReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener that is a bean, told of everything; there is no event before the bean was looked up for the first item. */
final class ListenerBean implements BatcherListener {

    private final NamedBean<BatcherListener> bean;

    ListenerBean(NamedBean<BatcherListener> bean) {
        this.bean = bean;
    }

    @Override
    public void onRejected(String batcher, RejectionReason reason) {
        bean.find().onRejected(batcher, reason);
    }

    @Override
    public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
        bean.find().onDispatched(batcher, reason, queueNanos);
    }

    @Override
    public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
        bean.find().onFinished(batcher, outcome, size, durationNanos);
    }

    @Override
    public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
        bean.find().onSettled(batcher, outcome, latencyNanos);
    }

    @Override
    public void onRetried(String batcher, int items) {
        bean.find().onRetried(batcher, items);
    }

    @Override
    public void onDeduplicated(String batcher, int items) {
        bean.find().onDeduplicated(batcher, items);
    }

    @Override
    public void onHalved(String batcher, int items) {
        bean.find().onHalved(batcher, items);
    }

    @Override
    public void onRateLimited(String batcher, long heldNanos) {
        bean.find().onRateLimited(batcher, heldNanos);
    }

    @Override
    public @Nullable ListenerContext onSubmitted(String batcher) {
        return bean.find().onSubmitted(batcher);
    }

    @Override
    public @Nullable BatchContext onBatch(
            String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
        return bean.find().onBatch(batcher, reason, size, callers);
    }
}
