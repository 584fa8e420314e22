package io.asyncbatcher.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;

/** The floor with a hand-over: a bounded JCTools queue for many producers, and one thread that takes what is there. */
final class JcToolsFloor<T, R> implements PeerAdapter<T, R> {

    private static final int CAPACITY = 1 << 16;

    private final MpscBlockingConsumerArrayQueue<Pending<T, R>> queue = new MpscBlockingConsumerArrayQueue<>(CAPACITY);
    private final PeerSettings<T, R> settings;
    private final Slots slots;
    private final Thread thread;

    JcToolsFloor(PeerSettings<T, R> settings) {
        this.settings = settings;
        slots = new Slots(settings.concurrency());
        thread = Threads.start("jctools", this::run);
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        while (!queue.offer(pending)) {
            Thread.onSpinWait();
        }
        return pending;
    }

    private void run() {
        try {
            while (true) {
                slots.take();
                List<Pending<T, R>> group = new ArrayList<>(settings.maxBatchSize());
                group.add(queue.take());
                queue.drain(group::add, settings.maxBatchSize() - 1);
                slots.run(() -> Pending.settle(group, settings.processor()));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        slots.close();
    }
}
