package io.asyncbatcher.internal.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ForwardingTime;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.Setups;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Listeners;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.EndingOwner;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Other threads are those of an executor that is run by hand. */
class SettlementTests {

    private final HandRunExecutor threads = new HandRunExecutor();
    private final List<String> said = new ArrayList<>();
    private int errors;

    /** A time source that offloads by hand, and throws some errors. */
    private final TimeSource time = new ForwardingTime(new VirtualTime()) {
        @Override
        public long nanoTime() {
            if (errors > 0) {
                errors--;
                throw new InternalError("thrown by a test");
            }
            return super.nanoTime();
        }

        @Override
        public void offload(Runnable work) {
            threads.execute(work);
        }
    };

    private final EndingOwner owner = new EndingOwner() {
        @Override
        public void settled(Ending ending) {
            said.add("without a batch");
        }

        @Override
        public void offload(Runnable work) {
            threads.execute(work);
        }
    };

    private final Settlement.Origin<Integer, Integer> batch = new Settlement.Origin<>() {
        private Settlement<Integer, Integer> by;

        @Override
        public void giveUpReservation() {}

        @Override
        public void keepOnly(Settlement<Integer, Integer> rest, Ends<Integer, Integer> unsettled) {
            by = rest;
            said.add("kept " + unsettled.count());
        }

        @Override
        public boolean isSettledBy(Settlement<Integer, Integer> settlement) {
            return by == null || by == settlement;
        }

        @Override
        public void settled() {
            said.add("settled");
        }
    };

    private final Setup<Integer> setup = Setups.of(time);
    private final Item<Integer, Integer> first = new Item<>(null, 1);
    private final Item<Integer, Integer> second = new Item<>(null, 2);

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is new
    private Settlement<Integer, Integer> of(
            Settlement.Origin<Integer, Integer> origin, Item<Integer, Integer>... items) {
        Object[] ends = new Object[items.length];
        Arrays.fill(ends, 7);
        return new Settlement<>(setup, owner, new Ends<>(items, ends, items.length), origin);
    }

    private Frame.Task task(Consumer<Frame> work) {
        return new Frame.Task() {
            @Override
            public EndingOwner owner() {
                return owner;
            }

            @Override
            public Frame.PutOff newPutOff() {
                return null;
            }

            @Override
            public void run(Frame frame) {
                work.accept(frame);
            }

            @Override
            public void rescue(Throwable failure) {}
        };
    }

    @Test
    void itsEndIsSaidOnceMoreWhereAnErrorHasKeptItsThreadFromThat() {
        Settlement<Integer, Integer> ofBatch = of(batch, first);
        Settlement<Integer, Integer> alone = of(null, second);
        try (Frame frame = Frame.open(owner)) {
            assertThat(ofBatch.atBatchEnd(frame)).isTrue();
            assertThat(alone.atBatchEnd(frame)).isTrue();
        }

        ofBatch.goOn(Runnable::run);
        alone.goOn(Runnable::run);

        assertThat(said).containsExactly("settled", "without a batch");
    }

    @Test
    void aRestTakesThePlaceOfWhatItIsTheRestOf() {
        var unused = second.thenRun(() -> {});
        Settlement<Integer, Integer> whole = of(batch, first, second);
        try (Frame frame = Frame.open(owner)) {
            Settlement<Integer, Integer> rest = whole.settleUnawaited(frame);

            assertThat(said).containsExactly("kept 1");
            assertThat(first).isDone();
            assertThat(second).isNotDone();
            whole.goOn(Runnable::run);
            assertThat(said).hasSize(1);

            rest.atLast(frame);
        }
        assertThat(second).isDone();
        assertThat(said).containsExactly("kept 1", "settled");
    }

    @Test
    void othersGoOnWhereAContinuationWaits() {
        var unused = first.thenRun(() -> Frame.top().beforeWait());
        Settlement<Integer, Integer> settlement = of(batch, first, second);
        try (Frame frame = Frame.open(owner)) {
            settlement.atLast(frame);

            assertThat(threads.waiting()).isEqualTo(1);
            assertThat(said).containsExactly("settled");
            frame.beforeWait(); // it has come back from it
            assertThat(threads.waiting()).isEqualTo(1);
        }
    }

    @Test
    void whereABatchWaitsForThisThreadOthersSettleWhatWasHeldBack() {
        try (Frame frame = Frame.open(owner)) {
            frame.defer(task(same -> {}));

            of(batch, first, second).atLast(frame);

            assertThat(first).isNotDone();
            assertThat(threads.waiting()).isEqualTo(2);
        }
        threads.runAll();
        assertThat(first).isDone();
        assertThat(second).isDone();
        assertThat(said).containsExactly("settled");
    }

    @Test
    void anInterruptThatWasMeantForAnotherBatchReachesNoContinuation() {
        List<Boolean> interrupted = new ArrayList<>();
        var unused = first.thenRun(() -> interrupted.add(Thread.currentThread().isInterrupted()));
        try (Frame frame = Frame.open(owner)) {
            Thread.currentThread().interrupt();
            of(batch, first).atLast(frame);
        }

        assertThat(interrupted).containsExactly(false);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void nothingToSettleIsSettledAside() {
        of(null).aside();
        threads.runAll();

        assertThat(said).containsExactly("without a batch");
    }

    @Test
    void anErrorWhileItemsAreSettledAsideIsTriedAgain() {
        Listeners listening = Listeners.with(null, new BatcherListener() {});
        TimedItem<Integer, Integer> timed = new TimedItem<>(null, 1, "orders", listening, time, Nanos.FOREVER);
        var unused = timed.thenRun(() -> {});
        of(null, timed, second).aside();
        threads.runNext();
        errors = 1;

        threads.runAll();

        assertThat(errors).isZero();
        assertThat(timed).isCompletedWithValue(7);
        assertThat(said).containsExactly("without a batch");
    }

    @Test
    void whatIsPutAsideMeanwhileRunsWhenItHasComeBack() {
        List<Integer> waiting = new ArrayList<>();
        Frame.Task behind = task(frame -> {
            waiting.add(threads.waiting());
            frame.beforeWait();
            waiting.add(threads.waiting());
        });
        of(null, first).first(() -> Frame.top().defer(behind)).aside();

        threads.runNext();

        assertThat(waiting).containsExactly(1, 1); // the thread that settles the item, and none in its place
    }

    @Test
    void whatOthersAreAtIsNotLentAgain() {
        Listeners waiting = Listeners.with(null, new BatcherListener() {
            @Override
            public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                Frame.top().beforeWait();
            }
        });
        TimedItem<Integer, Integer> timed = new TimedItem<>(null, 1, "orders", waiting, time, Nanos.FOREVER);
        try (Frame frame = Frame.open(owner)) {
            Object[] lent = frame.lendItems(1, Item[]::new);
            assertThat(of(batch, first).settleUnawaited(frame)).isNull();
            assertThat(frame.lendItems(1, Item[]::new)).isSameAs(lent);

            assertThat(of(batch, timed).settleUnawaited(frame)).isNull();
            assertThat(threads.waiting()).isEqualTo(1);
            assertThat(frame.lendItems(1, Item[]::new)).isNotSameAs(lent);
            frame.beforeWait(); // it has come back from it
            assertThat(threads.waiting()).isEqualTo(1);
            assertThat(said).containsExactly("settled");
        }
    }
}
