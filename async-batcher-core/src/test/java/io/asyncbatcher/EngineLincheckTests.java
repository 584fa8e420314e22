package io.asyncbatcher;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The races between submitting threads, and between them and a stop, explored by Lincheck's model checker: every
 * interleaving it tries must look as if the calls had come one after the other, and none may hang. A wake-up lost between
 * the queue's mark and its tail would be a submission that waits for ever.
 */
class EngineLincheckTests {

    private static final String STOPPED = "stopped";

    /** Batches of two at most, run by the thread that hands them over; the others wait for it. */
    public static class Submitting {

        private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ZERO)
                .executor(Runnable::run)
                .build();

        @Operation
        public int process(int item) {
            return batcher.process(item).join();
        }
    }

    /** What {@link Submitting} looks like from outside. */
    public static class Echo {

        public int process(int item) {
            return item;
        }
    }

    /** A caller that gives up meets the batch that takes its item: neighbours get their results all the same. */
    public static class Cancelling {

        private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ZERO)
                .executor(Runnable::run)
                .build();

        @Operation
        public int process(int item) {
            return batcher.process(item).join();
        }

        @Operation
        public int cancel(int item) {
            CompletableFuture<Integer> future = batcher.process(item);
            future.cancel(false);
            try {
                return future.join();
            } catch (CancellationException cancelled) {
                return item;
            }
        }
    }

    /** What {@link Cancelling} looks like from outside: a cancelled item counts as its own result. */
    public static class Echoes extends Echo {

        public int cancel(int item) {
            return item;
        }
    }

    /** Before the stop an item gets its result, after it a refusal; the stop's end comes after all results. */
    public static class Stopping {

        private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ZERO)
                .executor(Runnable::run)
                .build();

        @Operation
        public String process(int item) {
            try {
                return String.valueOf(batcher.process(item).join());
            } catch (CompletionException failure) {
                return failure.getCause() instanceof BatcherStoppedException ? STOPPED : failure.toString();
            }
        }

        @Operation
        public void stop() {
            batcher.stop(false).join();
        }
    }

    /** What {@link Stopping} looks like from outside. */
    public static class EchoUntilStopped {

        private boolean stopped;

        public String process(int item) {
            return stopped ? STOPPED : String.valueOf(item);
        }

        public void stop() {
            stopped = true;
        }
    }

    @Test
    void noSubmissionIsForgottenByTheOthers() {
        options().sequentialSpecification(Echo.class).check(Submitting.class);
    }

    @Test
    void aCancelledItemTakesNobodyWithIt() {
        options().sequentialSpecification(Echoes.class).check(Cancelling.class);
    }

    @Test
    void aStopIsOneMomentForAll() {
        options().sequentialSpecification(EchoUntilStopped.class).check(Stopping.class);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .loopBound(4 * Chunk.SLOTS)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(Integer.getInteger("lincheck.iterations", 1))
                .invocationsPerIteration(Integer.getInteger("lincheck.invocations", 100));
    }
}
