package io.asyncbatcher;

import io.asyncbatcher.internal.queue.Chunk;
import io.asyncbatcher.internal.thread.StackRoom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The races between submitting threads, and between them and a stop, explored by Lincheck's model checker: every
 * interleaving it tries must look as if the calls had come one after the other, and none may hang. A wake-up lost between
 * the queue's mark and its tail would be a submission that waits forever.
 */
class EngineLincheckTests {

    private static final String STOPPED = "stopped";

    /** Batches of two at most, run by the thread that hands them over; the others wait for it. */
    public static class Racing {

        private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ZERO)
                .executor(Runnable::run)
                .build();

        @Operation
        public String process(int item) {
            return end(batcher.process(item));
        }

        /** A caller that gives up meets the batch that takes its item. */
        @Operation
        public String cancel(int item) {
            CompletableFuture<Integer> future = batcher.process(item);
            return future.cancel(false) ? String.valueOf(item) : end(future);
        }

        /** Ends after all results. */
        @Operation
        public void stop() {
            batcher.stop(false).join();
        }

        private static String end(CompletableFuture<Integer> future) {
            try {
                return String.valueOf(future.join());
            } catch (CompletionException failure) {
                return failure.getCause() instanceof BatcherStoppedException ? STOPPED : failure.toString();
            }
        }
    }

    /**
     * What {@link Racing} looks like from outside: before the stop an item gets its result, after it a rejection. A cancelled
     * item counts as its own result.
     */
    public static class Echo {

        private boolean stopped;

        public String process(int item) {
            return stopped ? STOPPED : String.valueOf(item);
        }

        public String cancel(int item) {
            return process(item);
        }

        public void stop() {
            stopped = true;
        }
    }

    /** One test: what takes long is to prepare the JDK's classes, which each would do anew. */
    @Test
    void callsThatRaceLookAsIfTheyHadComeOneAfterTheOther() throws NoSuchMethodException {
        new ModelCheckingOptions()
                // No submission is forgotten by the others.
                .addCustomScenario(race(List.of(process(1), process(2)), List.of(process(3), process(4))))
                // A cancelled item takes nobody with it.
                .addCustomScenario(race(List.of(cancel(1), process(2)), List.of(process(3), cancel(4))))
                // A stop is one moment for all.
                .addCustomScenario(race(List.of(process(1), stop()), List.of(process(2), process(3))))
                // More of all kinds, at random.
                .iterations(Integer.getInteger("lincheck.iterations", 0))
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .loopBound(4 * Chunk.CELLS)
                .recursionBound(2 * StackRoom.FRAMES)
                .invocationsPerIteration(Integer.getInteger("lincheck.invocations", 100))
                // Lincheck takes a schedule for hung by the clock, and on a busy machine it prepares classes for
                // longer.
                .invocationTimeout$lincheck(TimeUnit.MINUTES.toMillis(5))
                .sequentialSpecification(Echo.class)
                .check(Racing.class);
    }

    private static ExecutionScenario race(List<Actor> one, List<Actor> other) {
        return new ExecutionScenario(List.of(), List.of(one, other), List.of(), null);
    }

    private static Actor process(int item) throws NoSuchMethodException {
        return new Actor(Racing.class.getMethod("process", int.class), List.of(item));
    }

    private static Actor cancel(int item) throws NoSuchMethodException {
        return new Actor(Racing.class.getMethod("cancel", int.class), List.of(item));
    }

    private static Actor stop() throws NoSuchMethodException {
        return new Actor(Racing.class.getMethod("stop"), List.of());
    }
}
