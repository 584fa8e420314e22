package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.Setups;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchBinding;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.policy.ServiceEstimate;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.queue.Sorting;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Batches of at most two: a call takes 500 ns, and 250 ns more an item. */
class ExpectedWaitTests {

    private static final long PER = 100_000;

    private final VirtualTime time = new VirtualTime();
    private final ServiceEstimate estimate = new ServiceEstimate();
    private final Setup<Integer> setup = Setups.of(time);
    private Sorting<Integer, Integer> sorting; // null without functions
    private BatcherOptions options =
            BatcherOptions.defaults().withMaxBatchSize(2).withConcurrency(1).withShedLoad(true);
    private Guarded<Integer, Integer> state = state();

    ExpectedWaitTests() {
        for (int i = 0; i < 3; i++) {
            BatchRun run = new BatchRun(0, 2, 0, 0);
            estimate.began(run);
            estimate.ended(1_000, run, 2);
        }
        assertThat(estimate.nanos(2)).isEqualTo(1_000);
        assertThat(estimate.nanos(1)).isEqualTo(750);
    }

    private Guarded<Integer, Integer> state() {
        return Guarded.of(null, setup, new TicketQueue<>(), sorting, options);
    }

    private PartitionQueue<Integer, Integer> queue(int value, int times) {
        Entry<Integer, Integer> entry = null;
        for (int i = 0; i < times; i++) {
            Item<Integer, Integer> item = new Item<>(null, value);
            entry = sorting.entry(item, 0);
            state.backlog().add(item, entry, null);
            state.partitions().stand(entry.partition);
        }
        return entry.partition;
    }

    private Batch<Integer, Integer> takeSlot() {
        Batch<Integer, Integer> batch = new Batch<>(
                null, setup, new BatchBinding<>(new Load<>(), state.backlog().main(), options, 0, 0), null);
        state.slots().take(batch);
        state.slots().handOver(batch);
        return batch;
    }

    private double nanos(PartitionQueue<Integer, Integer> partition, long ahead, long nowNanos) {
        return new ExpectedWait(estimate, state.backlog(), state.decision(), state.partitions(), nowNanos)
                .nanos(partition, ahead);
    }

    private void partitioned() {
        sorting = Sorting.of("orders", null, Function.identity(), null);
        state = state();
        takeSlot();
    }

    @Test
    void whatRunsAndTheBatchesAheadHaveToBeWorkedOff() {
        takeSlot();
        estimate.began(new BatchRun(0, 2, 0, 0));

        assertThat(nanos(state.backlog().main(), 4, 400)).isEqualTo(600 + 2_000);
        assertThat(nanos(state.backlog().main(), 1, 400)).isEqualTo(600);
    }

    @Test
    void slotsWorkThemOffSideBySide() {
        options = options.withConcurrency(2);
        state = state();
        assertThat(nanos(state.backlog().main(), 2, 0)).isZero();
        takeSlot();
        takeSlot();
        estimate.began(new BatchRun(0, 2, 0, 0));
        estimate.began(new BatchRun(200, 2, 0, 0));

        assertThat(nanos(state.backlog().main(), 4, 400)).isEqualTo((600 + 800 + 2_000 - 500) / 2.0);
        assertThat(nanos(state.backlog().main(), 0, 400)).isEqualTo((600 + 800 - 700) / 2.0);
    }

    @Test
    void heavyItemsMakeMoreBatches() {
        sorting = Sorting.of("orders", Integer::longValue, null, null);
        options = options.withMaxBatchWeight(10);
        state = state();
        takeSlot();
        PartitionQueue<Integer, Integer> partition = queue(8, 2);

        assertThat(nanos(partition, 4, 0)).isEqualTo(3 * estimate.nanos(4 / 3.0));
    }

    @Test
    void everyOtherPartitionHasABatchARoundAndNoMoreThanItHasItems() {
        partitioned();
        queue(1, 2);
        queue(2, 1);
        Item<Integer, Integer> item = new Item<>(null, 9);

        assertThat(nanos(sorting.entry(item, 0).partition, 0, 0)).isEqualTo(2 * estimate.nanos(1.5));
        assertThat(nanos(queue(3, 6), 6, 0)).isEqualTo(3 * 1_000 + 3 * estimate.nanos(1.5));
    }

    @Test
    void otherPartitionsWithManyItemsHaveABatchInEveryRound() {
        partitioned();
        queue(1, 4);
        queue(2, 4);

        assertThat(nanos(queue(3, 2), 2, 0)).isEqualTo(1_000 + 4 * 1_000);
    }

    @Test
    void callsThatAreLimitedHaveToFindRoomInTheWindows() {
        options = options.withConcurrency(-1).withRateLimit(2, Duration.ofNanos(PER));
        state = state();
        assertThat(nanos(state.backlog().main(), 6, 0)).isEqualTo(PER);

        Batch<Integer, Integer> first = takeSlot();
        Batch<Integer, Integer> second = takeSlot();
        assertThat(nanos(state.backlog().main(), 0, 0)).isEqualTo(PER); // none of them has begun

        state.slots().calling(first, true);
        state.slots().calling(second, true);
        time.advance(Duration.ofNanos(400));
        state.now().forget();
        assertThat(nanos(state.backlog().main(), 0, 400)).isEqualTo(PER - 400);
        assertThat(nanos(state.backlog().main(), 6, 400)).isEqualTo(PER - 400 + PER);
    }
}
