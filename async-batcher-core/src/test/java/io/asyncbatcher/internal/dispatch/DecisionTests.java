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
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
        private boolean slotIsFree;
        private long freeNanos;

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
            return true;
        }

        @Override
        public long lingeredNanos(long queuedNanos, long freeNanos) {
            this.freeNanos = freeNanos;
            return queuedNanos;
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
            return queued;
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

    @Test
    void itKnowsSinceWhenASlotIsFree() throws Exception {
        HandRunExecutor executor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher = batcher(false, executor);
        assertThat(batcher.process(1)).isNotDone();
        batcher.flush();
        time.advanceMillis(3);
        assertThat(batcher.process(2)).isNotDone();
        executor.runNext();
        assertThat(recording.freeNanos).as("the batch has just ended").isZero();
        time.advanceMillis(2);
        assertThat(batcher.process(3)).isNotDone();
        assertThat(recording.freeNanos).isEqualTo(2_000_000);
    }
}
