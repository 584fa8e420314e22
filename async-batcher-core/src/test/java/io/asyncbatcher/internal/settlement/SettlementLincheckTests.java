package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.Linearizability;
import io.asyncbatcher.internal.Setups;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.EndingOwner;
import io.asyncbatcher.internal.thread.Frame;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch whose items are settled by two threads, explored by Lincheck. */
@Tag("long")
class SettlementLincheckTests {

    /** Two items with their results. */
    @SuppressWarnings("unchecked") // filled with its own only
    private static Ends<Integer, Integer> two() {
        Item<Integer, Integer>[] items =
                (Item<Integer, Integer>[]) new Item<?, ?>[] {new Item<>(null, 1), new Item<>(null, 2)};
        return new Ends<>(items, new Object[] {1, 2}, 2);
    }

    /** Threads that end the same items. */
    public static class Settling {

        private final Ends<Integer, Integer> ends = two();

        @Operation
        public boolean settle() {
            ends.settle(0, ends.count());
            return ends.areSettled();
        }

        @Operation
        public boolean settleUnawaited() {
            ends.settleUnawaited();
            return ends.areSettled();
        }

        @Operation
        public boolean areSettled() {
            return ends.areSettled();
        }

        @Operation
        public boolean hasRest() {
            return ends.rest().count() > 0;
        }
    }

    /** All are ended at once. */
    public static class AllAtOnce {

        private boolean settled;

        public boolean settle() {
            settled = true;
            return true;
        }

        public boolean settleUnawaited() {
            return settle();
        }

        public boolean areSettled() {
            return settled;
        }

        public boolean hasRest() {
            return !settled;
        }
    }

    /** The batch's own thread, and others that go on in its place. */
    public static class Sharing implements Settlement.Origin<Integer, Integer> {

        private final Owner owner = new Owner();
        private final Setup<Integer> setup = Setups.of(new NoTime());
        private final AtomicInteger said = new AtomicInteger();
        private final AtomicBoolean begun = new AtomicBoolean();
        private final Settlement<Integer, Integer> settlement = new Settlement<>(setup, owner, two(), this);

        /** The first thread; there is one. */
        @Operation
        public void atBatchEnd() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            try (Frame frame = Frame.open(owner)) {
                if (settlement.atBatchEnd(frame)) {
                    settled();
                }
            }
        }

        @Operation
        public void goOn() {
            settlement.goOn(Runnable::run);
        }

        /** How often it was said that all is settled, when all threads have come back. */
        public int said() {
            return said.get();
        }

        @Override
        public void giveUpReservation() {}

        @Override
        public void keepOnly(Settlement<Integer, Integer> rest, Ends<Integer, Integer> unsettled) {}

        /** What is said after an error doesn't count. */
        @Override
        public boolean isSettledBy(Settlement<Integer, Integer> other) {
            return false;
        }

        @Override
        public void settled() {
            said.incrementAndGet();
        }
    }

    /** Whoever comes first settles all. */
    public static class SaidOnce {

        private int said;

        public void atBatchEnd() {
            said = 1;
        }

        public void goOn() {
            said = 1;
        }

        public int said() {
            return said;
        }
    }

    /** {@code VirtualTime} keeps lambdas of the JDK, into which Lincheck may not look. */
    private static final class NoTime implements TimeSource {

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Alarm schedule(Runnable task, long delayNanos) {
            return () -> {};
        }
    }

    private static final class Owner implements EndingOwner {

        @Override
        public void settled(Ending ending) {}

        @Override
        public void offload(Runnable work) {
            work.run();
        }
    }

    @Test
    void whoSettlesFindsAllSettled() {
        Linearizability ends = Linearizability.of(Settling.class, AllAtOnce.class);
        ends
                // Two settle, and look.
                .race(
                        List.of(ends.call("settle"), ends.call("hasRest")),
                        List.of(ends.call("settle"), ends.call("areSettled")))
                // One settles; the watchdog looks.
                .race(
                        List.of(ends.call("settleUnawaited"), ends.call("hasRest")),
                        List.of(ends.call("areSettled"), ends.call("hasRest"), ends.call("areSettled")))
                .check();
    }

    @Test
    void thatAllIsSettledIsSaidOnce() {
        Linearizability settlement = Linearizability.of(Sharing.class, SaidOnce.class);
        settlement
                // The watchdog finds the batch's thread stuck just when it comes to the end.
                .race(
                        List.of(),
                        List.of(settlement.call("atBatchEnd")),
                        List.of(settlement.call("goOn")),
                        List.of(settlement.call("said")))
                // Again and again.
                .race(
                        List.of(),
                        List.of(settlement.call("atBatchEnd"), settlement.call("goOn")),
                        List.of(settlement.call("goOn"), settlement.call("goOn")),
                        List.of(settlement.call("said")))
                .check();
    }
}
