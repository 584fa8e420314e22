package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.RejectionReason;

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
}
