package io.asyncbatcher.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The batcher that one writes by hand: a {@link LinkedBlockingQueue} and a thread that takes the first item, drains what
 * is there, and lingers for the rest. Its linger counts from the take, not from the submission: an item that waited for a
 * slot waits longer than the linger.
 */
final class HandWrittenBatcher<T, R> implements PeerAdapter<T, R> {

    private final LinkedBlockingQueue<Pending<T, R>> queue = new LinkedBlockingQueue<>();
    private final PeerSettings<T, R> settings;
    private final Slots slots;
    private final Thread thread;

    /** With a linger of zero this is the floor that never waits: take, drain, run. */
    HandWrittenBatcher(PeerSettings<T, R> settings) {
        this.settings = settings;
        slots = new Slots(settings.concurrency());
        thread = Threads.start("hand-written", this::run);
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        queue.add(pending);
        return pending;
    }

    private void run() {
        try {
            while (true) {
                slots.take();
                List<Pending<T, R>> group = collect();
                slots.run(() -> Pending.settle(group, settings.processor()));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Pending<T, R>> collect() throws InterruptedException {
        int size = settings.maxBatchSize();
        List<Pending<T, R>> group = new ArrayList<>(size);
        group.add(queue.take());
        queue.drainTo(group, size - 1);
        long lingerNanos = settings.linger().toNanos();
        if (lingerNanos == 0 || group.size() == size) {
            return group;
        }
        long dueNanos = System.nanoTime() + lingerNanos;
        while (group.size() < size) {
            Pending<T, R> next = queue.poll(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            group.add(next);
            queue.drainTo(group, size - group.size());
        }
        return group;
    }

    @Override
    public void close() {
        thread.interrupt();
        slots.close();
    }
}
