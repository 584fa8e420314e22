package io.asyncbatcher.internal.item;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The common future of items that were submitted together: their results in their order, or the first failure in it. */
public final class Together<R extends @Nullable Object> extends SelfWaitGuard<List<R>> {

    private final ItemOwner<?, R> owner;
    private final List<CompletableFuture<R>> items;
    private final @Nullable Throwable[] failures;
    private final AtomicInteger left;

    /** Whether the caller has ended the whole; then the items' ends are its own doing. */
    private volatile boolean ended;

    private Together(ItemOwner<?, R> owner, List<CompletableFuture<R>> items) {
        this.owner = owner;
        this.items = items;
        this.failures = new @Nullable Throwable[items.size()];
        this.left = new AtomicInteger(items.size() + 1);
    }

    /** Begins to wait for items. */
    public static <R extends @Nullable Object> Together<R> gather(
            ItemOwner<?, R> owner, List<CompletableFuture<R>> items) {
        return new Together<>(owner, items).begin();
    }

    private Together<R> begin() {
        for (int i = 0; i < failures.length; i++) {
            int index = i;
            var unused = items.get(i).whenComplete((result, failure) -> {
                failures[index] = failure;
                countDown();
            });
        }
        countDown();
        return this;
    }

    private void countDown() {
        if (left.decrementAndGet() > 0 || ended) {
            return;
        }
        for (Throwable failure : failures) {
            if (failure != null) {
                super.completeExceptionally(failure);
                return;
            }
        }
        List<R> results = new ArrayList<>(items.size());
        items.forEach(item -> results.add(item.join()));
        super.complete(Collections.unmodifiableList(results));
    }

    @Override
    public boolean waitsOnlyFor(Predicate<Object> among) {
        return items.stream().allMatch(item -> item.isDone() || among.test(item));
    }

    @Override
    @Nullable
    ItemOwner<?, ?> awaited() {
        return owner;
    }

    @Override
    public boolean complete(List<R> results) {
        cancelItems();
        return super.complete(results);
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        cancelItems();
        return super.completeExceptionally(cause);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        cancelItems();
        return super.cancel(mayInterruptIfRunning);
    }

    /** Whoever ends the whole early gives the items' room back; those that have ended don't mind. */
    private void cancelItems() {
        if (!isDone()) {
            ended = true;
            items.forEach(item -> item.cancel(false));
        }
    }
}
