package io.asyncbatcher.benchmarks.peers;

import com.github.phantomthief.collection.BufferTrigger;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * PhantomThief's buffer-trigger in its blocking form. It groups only, futures are ours. It consumes in one thread; more
 * concurrency is ours too: the consumer waits for a slot, so that the buffer grows meanwhile.
 */
final class BufferTriggerAdapter<T, R> implements PeerAdapter<T, R> {

    private static final int BUFFER = 1 << 16;

    private final BufferTrigger<Pending<T, R>> trigger;
    private final PeerSettings<T, R> settings;
    private final Slots slots;

    BufferTriggerAdapter(PeerSettings<T, R> settings) {
        this.settings = settings;
        slots = new Slots(settings.concurrency());
        trigger = BufferTrigger.<Pending<T, R>>batchBlocking()
                .bufferSize(BUFFER)
                .batchSize(settings.maxBatchSize())
                .linger(settings.linger())
                .setConsumerEx(this::consume)
                .build();
    }

    private void consume(List<Pending<T, R>> group) throws InterruptedException {
        slots.take();
        slots.run(() -> Pending.settle(group, settings.processor()));
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
