package io.asyncbatcher.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What every peer is made from.
 *
 * @param maxBatchSize the limit of items in a batch
 * @param linger the longest wait for more items
 * @param concurrency calls of the processor at once
 * @param processor result i belongs to item i
 */
public record PeerSettings<T, R>(
        int maxBatchSize, Duration linger, int concurrency, Function<List<T>, List<R>> processor) {}
