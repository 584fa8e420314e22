package io.asyncbatcher.internal.item;

import io.asyncbatcher.internal.Linearizability;
import io.asyncbatcher.internal.thread.Ending;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One item that several want to end, explored by Lincheck. */
class ItemLincheckTests {

    /** The engine and callers end it. */
    public static class Settling {

        private final Item<Integer, Integer> item = new Item<>(new Queue(), 0);

        @Operation
        public void end(int result) {
            item.end(result);
        }

        @Operation
        public void fail() {
            item.end(Failed.by(new IllegalStateException()));
        }

        @Operation
        public boolean cancel() {
            return item.cancel(false);
        }

        @Operation
        public boolean complete(int result) {
            return item.complete(result);
        }

        @Operation
        public boolean completeExceptionally() {
            return item.completeExceptionally(new IllegalArgumentException());
        }

        @Operation
        public void obtrude(int result) {
            item.obtrudeValue(result);
        }

        @Operation
        public String outcome() {
            return ItemLincheckTests.outcome(item);
        }
    }

    /** The first end counts, but for one that is obtruded. */
    public static class FirstEnd {

        private @Nullable String end;

        public void end(int result) {
            complete(result);
        }

        public void fail() {
            first("IllegalStateException");
        }

        public boolean cancel() {
            first("CancellationException");
            return "CancellationException".equals(end);
        }

        public boolean complete(int result) {
            return first(String.valueOf(result));
        }

        public boolean completeExceptionally() {
            return first("IllegalArgumentException");
        }

        public void obtrude(int result) {
            end = String.valueOf(result);
        }

        public String outcome() {
            return Objects.requireNonNullElse(end, "unsettled");
        }

        private boolean first(String wanted) {
            boolean first = end == null;
            end = first ? wanted : end;
            return first;
        }
    }

    /** A batch takes it out of a queue and ends it, while its caller cancels it. */
    public static class Leaving {

        private final Queue queue = new Queue();
        private final Item<Integer, Integer> item = new Item<>(queue, 0);

        @Operation
        public boolean take() {
            return queue.take();
        }

        @Operation
        public void end() {
            if (queue.isTaken()) {
                item.end(1);
            }
        }

        @Operation
        public boolean cancel() {
            return item.cancel(false);
        }

        @Operation
        public int queued() {
            return queue.size();
        }
    }

    /** What is cancelled first is never taken. */
    public static class TakenOrCancelled {

        private boolean queued = true;
        private boolean taken;
        private boolean ended;
        private boolean cancelled;

        public boolean take() {
            boolean first = queued;
            taken |= first;
            queued = false;
            return first;
        }

        public void end() {
            ended |= taken && !cancelled;
        }

        public boolean cancel() {
            queued = false;
            cancelled |= !ended;
            return cancelled;
        }

        public int queued() {
            return queued ? 1 : 0;
        }
    }

    /** The owner of one item, which is queued at first. */
    private static final class Queue implements ItemOwner<Integer, Integer> {

        private boolean queued = true;
        private boolean taken;

        synchronized boolean take() {
            boolean first = queued;
            taken |= first;
            queued = false;
            return first;
        }

        synchronized boolean isTaken() {
            return taken;
        }

        synchronized int size() {
            return queued ? 1 : 0;
        }

        @Override
        public synchronized boolean withdraw(Item<Integer, Integer> item) {
            boolean first = queued;
            queued = false;
            return first;
        }

        @Override
        public void settled(Ending ending) {}

        @Override
        public void expired(TimedItem<Integer, Integer> item) {}

        @Override
        public boolean beginSelfWait(SelfWaitGuard<?> awaited) {
            return false;
        }

        @Override
        public void endSelfWait() {}

        @Override
        public void offload(Runnable work) {
            work.run();
        }
    }

    private static String outcome(CompletableFuture<Integer> future) {
        if (!future.isDone()) {
            return "unsettled";
        }
        return future.handle((result, failure) -> failure == null
                        ? String.valueOf(result)
                        : failure.getClass().getSimpleName())
                .join();
    }

    @Test
    void oneEndCountsAndAllHearIt() {
        Linearizability item = Linearizability.of(Settling.class, FirstEnd.class);
        item
                // The engine and the caller.
                .race(
                        List.of(item.call("end", 1), item.call("outcome")),
                        List.of(item.call("cancel"), item.call("outcome")))
                // Two that both tell how it went.
                .race(
                        List.of(item.call("complete", 1), item.call("outcome"), item.call("cancel")),
                        List.of(item.call("completeExceptionally"), item.call("cancel"), item.call("outcome")))
                // An end that comes over another.
                .race(
                        List.of(item.call("fail"), item.call("outcome")),
                        List.of(item.call("obtrude", 2), item.call("outcome"), item.call("complete", 3)))
                .check();
    }

    @Test
    @Tag("long")
    void whatIsCancelledIsNotTaken() {
        Linearizability item = Linearizability.of(Leaving.class, TakenOrCancelled.class);
        item
                // A batch and a cancel want it.
                .race(
                        List.of(item.call("take"), item.call("end"), item.call("queued")),
                        List.of(item.call("cancel"), item.call("queued")))
                // Two cancels.
                .race(
                        List.of(item.call("cancel"), item.call("take")),
                        List.of(item.call("cancel"), item.call("take"), item.call("end")))
                .check();
    }
}
