package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy that learns is told. */
class DecisionTests {

    private final VirtualTime time = new VirtualTime();
    private final Recording recording = new Recording();

    /** Waits for as long as it may. */
    private static final class Recording implements DispatchPolicy {

        private final List<String> told = new ArrayList<>();
        private final List<Moment> moments = new ArrayList<>();
        private final List<BatchRun> begun = new ArrayList<>();
        private final List<BatchRun> dropped = new ArrayList<>();
        private long slots = Long.MAX_VALUE;
        private int share = Integer.MAX_VALUE;
        private boolean follows = true;
        private boolean slotIsFree;
        private long waitedNanos;
        private final List<Long> waits = new ArrayList<>();
        private boolean hasEnded;
        private boolean slotWasFreeAfterEnd;

        @Override
        public boolean learns() {
            return true;
        }

        @Override
        public long slots(long nowNanos) {
            return slots;
        }

        @Override
        public boolean followsArrivals(long nowNanos, boolean slotIsFree) {
            this.slotIsFree = slotIsFree;
            slotWasFreeAfterEnd |= hasEnded && slotIsFree;
            hasEnded = false;
            return follows;
        }

        @Override
        public long lingeredNanos(long queuedNanos, long waitedNanos) {
            this.waitedNanos = waitedNanos;
            waits.add(waitedNanos);
            return waitedNanos;
        }

        @Override
        public void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {
            told.add("ended");
            hasEnded = true;
        }

        @Override
        public void arrived(long nowNanos, int items, boolean idle) {
            told.add("arrived " + items + (idle ? " idle" : ""));
        }

        @Override
        public BatchRun began(long nowNanos, int items, int queued) {
            told.add("began " + items + " of " + (items + queued));
            BatchRun run = new BatchRun(nowNanos, items, 1, 0);
            begun.add(run);
            return run;
        }

        @Override
        public void dropped(long nowNanos, BatchRun run) {
            dropped.add(run);
        }

        @Override
        public long waitNanos(Moment moment) {
            moments.add(moment);
            return moment.lingerLeftNanos();
        }

        @Override
        public int share(int queued) {
            return Math.min(share, queued);
        }
    }

    private AsyncBatcher<Integer, Integer> batcher(boolean partitioned, Executor executor) throws Exception {
        AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(5)
                .maxQueueTime(Duration.ofMillis(10))
                .concurrency(1)
                .dispatch(DispatchMode.ADAPTIVE)
                .time(time)
                .executor(executor);
        AsyncBatcher<Integer, Integer> batcher =
                partitioned ? builder.partitionBy(item -> item / 100).build() : builder.build();
        PartitionScheduleTests.setPolicy(batcher, recording);
        return batcher;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arrivalsAreToldWithWhetherTheyFoundTheBatcherIdle(boolean partitioned) throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(partitioned, new HandRunExecutor());

        batcher.process(1);
        batcher.process(2); // one is queued
        batcher.flush();
        batcher.process(3); // none is queued, and no slot is free

        assertThat(recording.told).containsExactly("arrived 1 idle", "arrived 1", "began 2 of 2", "arrived 1");
    }

    @Test
    void whatArrivesWhileNothingMayGoDoesNotFindTheBatcherIdle() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(false, new HandRunExecutor());
        batcher.pause();

        batcher.process(1);

        assertThat(recording.told).containsExactly("arrived 1");
        assertThat(recording.slotIsFree).isTrue();
    }

    @Test
    void whatHasArrivedDuringABatchIsToldBeforeItsEnd() throws Exception {
        HandRunExecutor executor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher = batcher(false, executor);
        recording.follows = false;
        batcher.process(1);
        batcher.flush();
        batcher.process(2);
        executor.runNext();

        assertThat(recording.told).endsWith("began 1 of 1", "arrived 1", "ended");
    }

    @Test
    void aBatchIsToldWithWhatIsLeftInTheQueue() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(false, new HandRunExecutor());
        batcher.pause();
        for (int item = 1; item <= 7; item++) {
            batcher.process(item);
        }

        batcher.resume();

        assertThat(recording.told).endsWith("began 5 of 7");
    }

    @Test
    void aBatchThatTheExecutorRejectsIsDropped() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(false, task -> {
            throw new RejectedExecutionException();
        });

        assertThat(batcher.process(1)).isNotDone();
        batcher.flush();

        assertThat(recording.begun).hasSize(1);
        assertThat(recording.dropped).isEqualTo(recording.begun);
    }

    @Test
    void itKnowsTheFirstDeadline() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(false, new HandRunExecutor());
        time.advanceMillis(3);

        assertThat(batcher.process(1, Duration.ofMillis(7))).isNotDone();

        assertThat(recording.moments)
                .extracting(DispatchPolicy.Moment::slackNanos)
                .containsOnly(7_000_000L);
    }

    @Test
    void itKnowsWhetherASlotIsFreeWhateverHasFreedOrTakenOne() throws Exception {
        HandRunExecutor executor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher = batcher(false, executor);
        batcher.reconfigure(options -> options.withConcurrency(2));
        recording.slots = 1;
        assertThat(batcher.process(1)).isNotDone();
        assertThat(recording.slotIsFree).as("nothing runs").isTrue();
        batcher.flush();
        assertThat(recording.slotIsFree).as("one of one runs").isFalse();
        recording.slots = 2;
        assertThat(batcher.process(2)).isNotDone();
        assertThat(recording.slotIsFree).as("another one may be used").isTrue();
        batcher.reconfigure(options -> options.withConcurrency(1));
        assertThat(recording.slotIsFree).as("no other one may be used").isFalse();
        executor.runNext();
        assertThat(recording.slotIsFree).as("the only one has ended").isTrue();
    }

    /** Where the library's own thread settles a quick batch, and has the slot for another moment. */
    @Test
    void aSlotThatIsFreeInAMomentIsFree() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .dispatch(DispatchMode.ADAPTIVE)
                .concurrency(1)
                .time(time)
                .build();
        PartitionScheduleTests.setPolicy(batcher, recording);

        CompletableFuture<Integer> future = batcher.process(1);
        batcher.flush();

        assertThat(future.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(recording.slotWasFreeAfterEnd).isTrue();
        batcher.stop(true).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aLingerCountsOnWhileOthersHaveTheSlot() throws Exception {
        HandRunExecutor executor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher = batcher(true, executor);
        assertThat(batcher.process(1)).isNotDone();
        assertThat(recording.waitedNanos).isZero();
        time.advanceMillis(2);
        for (int item = 100; item < 105; item++) {
            assertThat(batcher.process(item)).isNotDone();
        }
        time.advanceMillis(3);
        executor.runNext();
        assertThat(recording.waitedNanos).isEqualTo(5_000_000);

        time.advanceMillis(5);
        executor.runNext();
        assertThat(batcher.process(2)).isNotDone();
        assertThat(recording.waitedNanos).as("the next batch").isZero();
    }

    @Test
    void whatABatchLeavesBehindHasWaitedAsLong() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(false, new HandRunExecutor());
        batcher.reconfigure(options -> options.withConcurrency(2));
        recording.share = 1;
        for (int item = 1; item <= 3; item++) {
            assertThat(batcher.process(item)).isNotDone();
        }
        time.advanceMillis(10); // the longest linger
        assertThat(recording.waits).endsWith(10_000_000L, 10_000_000L);
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
    }

    @Test
    void aLingerWhoseItemsAreAllCancelledIsForgotten() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(false, new HandRunExecutor());
        CompletableFuture<Integer> cancelled = batcher.process(1);
        time.advanceMillis(3);
        cancelled.cancel(false);
        time.advanceMillis(3);

        assertThat(batcher.process(2)).isNotDone();

        assertThat(recording.waitedNanos).isZero();
    }
}
