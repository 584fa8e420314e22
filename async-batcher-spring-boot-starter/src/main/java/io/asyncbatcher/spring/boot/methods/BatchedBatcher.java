package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The client bean of a method: looks the method's bean up before the first item, and is otherwise its batcher. Not final,
 * so that an application's advice can be put around it.
 */
class BatchedBatcher<T, R extends @Nullable Object> implements AsyncBatcher<T, R>, ConfiguredBatchers.Built {

    private final AsyncBatcher<T, R> batcher;
    private final Runnable lookup;
    private volatile boolean found;

    /**
     * Puts a lookup before a batcher.
     *
     * @param lookup finds what the batches need; runs with every submission until it has succeeded
     */
    BatchedBatcher(AsyncBatcher<T, R> batcher, Runnable lookup) {
        this.batcher = batcher;
        this.lookup = lookup;
    }

    @Override
    public CompletableFuture<R> process(T item) {
        RuntimeException failure = lookUp();
        return failure == null ? batcher.process(item) : CompletableFuture.failedFuture(failure);
    }

    @Override
    public CompletableFuture<R> process(T item, Duration timeout) {
        RuntimeException failure = lookUp();
        return failure == null ? batcher.process(item, timeout) : CompletableFuture.failedFuture(failure);
    }

    @Override
    public CompletableFuture<List<R>> processAll(Collection<? extends T> items) {
        RuntimeException failure = lookUp();
        return failure == null ? batcher.processAll(items) : CompletableFuture.failedFuture(failure);
    }

    /** Does it once. A rejection is a failed future, also that of a bean that can't be made. */
    private @Nullable RuntimeException lookUp() {
        if (found) {
            return null;
        }
        try {
            lookup.run();
            found = true;
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    @Override
    public String name() {
        return batcher.name();
    }

    @Override
    public BatcherOptions options() {
        return batcher.options();
    }

    @Override
    public void reconfigure(UnaryOperator<BatcherOptions> change) {
        batcher.reconfigure(change);
    }

    @Override
    public BatcherSnapshot snapshot() {
        return batcher.snapshot();
    }

    @Override
    public void addListener(BatcherListener listener) {
        batcher.addListener(listener);
    }

    @Override
    public void removeListener(BatcherListener listener) {
        batcher.removeListener(listener);
    }

    @Override
    public void flush() {
        batcher.flush();
    }

    @Override
    public void pause() {
        batcher.pause();
    }

    @Override
    public void resume() {
        batcher.resume();
    }

    @Override
    public void start() {
        batcher.start();
    }

    @Override
    public boolean isRunning() {
        return batcher.isRunning();
    }

    @Override
    public void prepareStop() {
        batcher.prepareStop();
    }

    @Override
    public boolean isInside() {
        return batcher.isInside();
    }

    @Override
    public CompletableFuture<Void> stop(boolean force) {
        return batcher.stop(force);
    }

    @Override
    public CompletableFuture<Void> stop(Duration grace) {
        return batcher.stop(grace);
    }

    @Override
    public void close() {
        batcher.close();
    }

    @Override
    public String toString() {
        return batcher.toString();
    }
}
