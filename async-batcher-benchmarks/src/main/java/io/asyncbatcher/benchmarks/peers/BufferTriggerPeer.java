package io.asyncbatcher.benchmarks.peers;

import com.github.phantomthief.collection.BufferTrigger;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * PhantomThief's buffer-trigger in its blocking form. It groups only, futures are ours. It consumes in one thread; more
 * concurrency is ours too: the consumer waits for a slot, so that the buffer grows meanwhile.
 */
final class BufferTriggerPeer<T, R> implements Peer<T, R> {

    private static final int BUFFER = 1 << 16;

    private final BufferTrigger<Pending<T, R>> trigger;
    private final Setup<T, R> setup;
    private final Slots slots;

    BufferTriggerPeer(Setup<T, R> setup) {
        this.setup = setup;
        slots = new Slots(setup.concurrency());
        trigger = BufferTrigger.<Pending<T, R>>batchBlocking()
                .bufferSize(BUFFER)
                .batchSize(setup.maxBatchSize())
                .linger(setup.linger())
                .setConsumerEx(this::consume)
                .build();
    }

    private void consume(List<Pending<T, R>> group) throws InterruptedException {
        slots.take();
        slots.run(() -> Pending.settle(group, setup.batch()));
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        trigger.enqueue(pending);
        return pending;
    }

    @Override
    public void close() {
        trigger.close();
        slots.close();
    }
}
