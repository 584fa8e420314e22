package io.asyncbatcher.benchmarks.experiment;

import io.asyncbatcher.spring.Batched;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Not a model but a stand-in: it waits as long as the original's TensorFlow model took, 11 ms for one item and 13 ms for
 * 200, and serves one call at a time, as one worker with the model in its memory does. A wait takes no time of the two
 * cores; a real model's does.
 */
@Component
@Profile("stand-in")
class StandInModel {

    private static final int FULL = 200;
    private static final long ONE_NANOS = 11_000_000;
    private static final long FULL_NANOS = 13_000_000;

    /** Fair, so that nobody waits longer than those who came after him. */
    private final ReentrantLock worker = new ReentrantLock(true);

    /**
     * Predicts for many.
     *
     * @return element i belongs to item i
     */
    @Batched(value = "stand-in", maxBatchSize = "" + FULL, maxQueueTime = "10ms", concurrency = "1")
    List<Double> predictAll(List<List<Double>> batch) {
        worker.lock();
        try {
            long endNanos = System.nanoTime() + costNanos(batch.size());
            for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        } finally {
            worker.unlock();
        }
        return batch.stream().map(StandInModel::sum).toList();
    }

    double predict(List<Double> features) {
        return predictAll(List.of(features)).get(0);
    }

    static double sum(List<Double> features) {
        return features.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static long costNanos(int items) {
        return ONE_NANOS + (items - 1) * (FULL_NANOS - ONE_NANOS) / (FULL - 1);
    }
}
