package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.BatcherOptions;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What the clients and workers of a run are.
 *
 * @param manyLanes whether clients have 16 streams instead of one
 * @param keyed whether clients have a partition key
 * @param partitions whether the worker's batcher has partitions by that key
 * @param streamAgeMillis after what time the worker ends a stream; 0 = never
 */
record Settings(
        int clients,
        boolean manyLanes,
        boolean keyed,
        boolean idempotent,
        int clientQueue,
        int frameItems,
        long itemTimeoutMillis,
        int window,
        int workerQueue,
        int batchSize,
        int concurrency,
        long lingerMillis,
        boolean partitions,
        long streamAgeMillis) {

    static Settings of(SplittableRandom random) {
        return new Settings(
                1 + random.nextInt(3),
                random.nextInt(4) == 0,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                one(random, 1, 3, 10, 100),
                one(random, 1, 2, 5, 1_000),
                one(random, 50, 500, 5_000, 30_000),
                one(random, 1, 3, 10, 100),
                one(random, 1, 5, 20, 1_000),
                one(random, 1, 3, 10),
                one(random, 1, 2, 4),
                one(random, 0, 10, 1_000),
                random.nextBoolean(),
                one(random, 0, 0, 300, 5_000));
    }

    static int one(SplittableRandom random, int... values) {
        return values[random.nextInt(values.length)];
    }

    BatcherOptions ofClient() {
        return BatcherOptions.defaults()
                .withMaxQueueSize(clientQueue)
                .withMaxBatchSize(frameItems)
                .withItemTimeout(Duration.ofMillis(itemTimeoutMillis));
    }

    BatcherOptions ofWorker() {
        return BatcherOptions.defaults()
                .withName(World.NAME)
                .withMaxQueueSize(workerQueue)
                .withMaxBatchSize(batchSize)
                .withConcurrency(concurrency)
                .withMaxQueueTime(Duration.ofMillis(lingerMillis));
    }

    /** Items that a client may have queued: each lane has a queue of its own. */
    int clientBound() {
        return clientQueue * (manyLanes ? 16 : 1);
    }
}
