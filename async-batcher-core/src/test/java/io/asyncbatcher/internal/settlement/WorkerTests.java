package io.asyncbatcher.internal.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.EndingOwner;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.testing.HandRunExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is held back, and until when. Other threads are those of an executor that is run by hand. */
class WorkerTests {

    private final HandRunExecutor threads = new HandRunExecutor();

    private final TimeSource time = new TimeSource() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Alarm schedule(Runnable task, long delayNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void offload(Runnable work) {
            threads.execute(work);
        }
    };

    private final EndingOwner owner = new EndingOwner() {
        @Override
        public void settled(Ending ending) {}

        @Override
        public void offload(Runnable work) {
            threads.execute(work);
        }
    };

    private final Setup<Integer> setup = new Setup<>(
            "orders", Call.of((List<Integer> all) -> all), null, Runnable::run, true, new QuickPath(), null, time);
    private final Worker worker = new Worker(setup);
    private final Frame frame = Frame.open(owner);

    /** The items whose callers wait. */
    private final List<Item<Integer, Integer>> awaited = new ArrayList<>();

    @AfterEach
    void close() {
        frame.close();
    }

    /** Settles a batch of one item, with plenty behind it. */
    private boolean settle(Item<Integer, Integer> item, boolean plenty, long nowNanos) {
        @SuppressWarnings({"unchecked", "rawtypes"}) // a new array
        Item<Integer, Integer>[] items = new Item[] {item};
        Ends<Integer, Integer> ends = new Ends<>(items, new Object[] {7}, 1);
        return worker.settle(frame, new Settlement<>(setup, owner, ends, null), plenty, nowNanos);
    }

    /** The same with a caller that waits for the item. */
    private boolean settleAwaited(boolean plenty, long nowNanos) {
        Item<Integer, Integer> item = new Item<>(null, 1);
        var unused = item.thenRun(() -> {});
        awaited.add(item);
        return settle(item, plenty, nowNanos);
    }

    @Test
    void onlyWhatACallerWaitsForIsHeldBack() {
        Item<Integer, Integer> item = new Item<>(null, 1);

        assertThat(settle(item, true, 0)).isTrue();
        assertThat(settleAwaited(true, 0)).isFalse();

        assertThat(item).isCompletedWithValue(7);
        assertThat(awaited).noneMatch(Item::isDone);
    }

    @Test
    void nothingIsHeldBackWithoutPlentyBehindIt() {
        assertThat(settleAwaited(false, 0)).isTrue();
        assertThat(awaited).allMatch(Item::isDone);

        settleAwaited(true, 0);
        settleAwaited(false, 0);
        assertThat(awaited).allMatch(Item::isDone);
    }

    @Test
    void sixteenBatchesAreSettledTogether() {
        for (int round = 0; round < 2; round++) {
            awaited.clear();
            for (int batch = 1; batch <= 15; batch++) {
                settleAwaited(true, 0);
            }
            assertThat(awaited).noneMatch(Item::isDone);

            settleAwaited(true, 0);
            assertThat(awaited).allMatch(Item::isDone);
        }
    }

    @Test
    void afterFiftyMicrosecondsNothingIsHeldBack() {
        settleAwaited(true, 1_000);
        settleAwaited(true, 50_999);
        assertThat(awaited).noneMatch(Item::isDone);

        settleAwaited(true, 51_000);
        assertThat(awaited).allMatch(Item::isDone);
    }

    @Test
    void othersSettleWhatAThreadGivesUp() {
        settleAwaited(true, 0);
        settleAwaited(true, 0);

        worker.giveUp();
        assertThat(awaited).noneMatch(Item::isDone);
        threads.runAll();

        assertThat(awaited).allMatch(Item::isDone);
    }
}
