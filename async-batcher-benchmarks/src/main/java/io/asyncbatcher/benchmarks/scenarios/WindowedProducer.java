package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One producer with a fixed number of items outstanding: before it hands over the next one it waits for the oldest and
 * checks that the result is that item's own.
 */
final class WindowedProducer {

    static final int OUTSTANDING = 1024;

    private final @Nullable CompletableFuture<Long>[] futures;
    private final long first;
    private long next;

    /**
     * @param producer tells the items of producers apart
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    WindowedProducer(int producer) {
        futures = new CompletableFuture[OUTSTANDING];
        first = (producer + 1L) << 40;
        next = first;
    }

    void submit(PeerAdapter<Long, Long> adapter) {
        long value = next++;
        int slot = (int) value & (OUTSTANDING - 1);
        CompletableFuture<Long> oldest = futures[slot];
        if (oldest != null) {
            check(oldest, value - OUTSTANDING);
        }
        futures[slot] = adapter.process(value);
    }

    /** Waits for what is outstanding. */
    void drain() {
        for (long value = Math.max(first, next - OUTSTANDING); value < next; value++) {
            CompletableFuture<Long> future = futures[(int) value & (OUTSTANDING - 1)];
            if (future != null) {
                check(future, value);
            }
        }
    }

    private static void check(CompletableFuture<Long> future, long expected) {
        long result = future.isDone() ? future.join() : await(future);
        if (result != expected) {
            throw new IllegalStateException("the result of another item");
        }
    }

    private static long await(CompletableFuture<Long> future) {
        try {
            return future.get(5, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            throw new IllegalStateException("stuck: an item has no result after 5 s", stuck);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("an item failed: " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
