package io.asyncbatcher.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The floor without a library: each caller's own thread makes the futures, groups them, and completes them when the group
 * is full. Nothing is handed to another thread, and nothing lingers: what isn't full waits for {@link #flush}.
 */
final class DirectFloor<T, R> implements PeerAdapter<T, R> {

    private final PeerSettings<T, R> settings;
    private final ThreadLocal<List<Pending<T, R>>> groups;

    DirectFloor(PeerSettings<T, R> settings) {
        this.settings = settings;
        groups = ThreadLocal.withInitial(() -> new ArrayList<>(settings.maxBatchSize()));
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        List<Pending<T, R>> group = groups.get();
        group.add(pending);
        if (group.size() == settings.maxBatchSize()) {
            flush();
        }
        return pending;
    }

    @Override
    public void flush() {
        List<Pending<T, R>> group = groups.get();
        if (!group.isEmpty()) {
            Pending.settle(group, settings.processor());
            group.clear();
        }
    }

    @Override
    public void close() {}
}
