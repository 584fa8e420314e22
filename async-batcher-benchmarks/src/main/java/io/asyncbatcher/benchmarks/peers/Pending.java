package io.asyncbatcher.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** An item with its future, for the peers that only group: the cheapest form, as one would write it by hand. */
final class Pending<T, R> extends CompletableFuture<R> {

    final T item;

    Pending(T item) {
        this.item = item;
    }

    /** Runs the batch function over a group and settles each of it. */
    static <T, R> void settle(List<Pending<T, R>> group, Function<List<T>, List<R>> batch) {
        List<T> items = new ArrayList<>(group.size());
        for (Pending<T, R> pending : group) {
            items.add(pending.item);
        }
        try {
            List<R> results = batch.apply(items);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).complete(results.get(i));
            }
        } catch (RuntimeException failure) {
            for (Pending<T, R> pending : group) {
                pending.completeExceptionally(failure);
            }
        }
    }
}
