package io.asyncbatcher.benchmarks.peers;

import java.util.concurrent.CompletableFuture;

/** Takes single items, hands batches of them to one function, and gives each item its own result. Thread-safe. */
public interface PeerAdapter<T, R> extends AutoCloseable {

    /** Never blocks, but in the floors. */
    CompletableFuture<R> process(T item);

    /** Lets go what this thread has handed over, where nothing else would: in {@link DirectFloor} only. */
    default void flush() {}

    /** Ends threads and timers. What is still queued may be lost: callers wait for their futures first. */
    @Override
    void close();
}
