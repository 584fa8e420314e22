package io.asyncbatcher;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One batch: takes its items out of the queue's slots, calls the processor, checks what comes back and settles the items.
 *
 * <p>Its state goes one way, under its own monitor (taken inside the engine's lock, never the other way round, and never
 * held while user code runs): from {@code HANDED_OVER} to {@code RUNNING} on the thread that the executor gave it, and to
 * {@code RETURNED} on the thread where the processor ended. A forced stop takes it from {@code HANDED_OVER} to
 * {@code CUT}, or from {@code RUNNING} to {@code ABANDONED}, and settles the items itself; the slot of an abandoned batch
 * is given back when its processor returns, however late. It is longer than other files because this whole way is one
 * story.
 */
final class Batch<T, R extends @Nullable Object> implements Runnable {

    /** How far a batch is. */
    enum State {
        HANDED_OVER,
        RUNNING,
        RETURNED,
        CUT,
        ABANDONED
    }

    private final Engine<T, R> engine;
    private final Tickets<T, R> tickets;
    private final DispatchReason reason;
    private final @Nullable Listeners listeners;
    private final long boundNanos;

    // guarded by this; items and count don't change once set
    private State state = State.HANDED_OVER;
    private boolean ended;
    private @Nullable Thread thread;
    private Item<T, R> @Nullable [] items;
    private int count;
    private long begunNanos;
    private long endedNanos;

    /** The next of several batches on their way to the executor. */
    @Nullable
    Batch<T, R> next;

    Batch(
            Engine<T, R> engine,
            Tickets<T, R> tickets,
            DispatchReason reason,
            @Nullable Listeners listeners,
            long boundNanos) {
        this.engine = engine;
        this.tickets = tickets;
        this.reason = reason;
        this.listeners = listeners;
        this.boundNanos = boundNanos;
    }

    /** Puts one chain of batches, or none, behind another. */
    static <T, R extends @Nullable Object> @Nullable Batch<T, R> chain(
            @Nullable Batch<T, R> first, @Nullable Batch<T, R> second) {
        if (first == null) {
            return second;
        }
        Batch<T, R> last = first;
        while (last.next != null) {
            last = last.next;
        }
        last.next = second;
        return first;
    }

    /** Takes the batch off its chain and returns the next. */
    @Nullable
    Batch<T, R> unchain() {
        Batch<T, R> following = next;
        next = null;
        return following;
    }

    /** Hands this batch, and those chained to it, to the executor. */
    void handOver() {
        engine.start(this);
    }

    Engine<T, R> engine() {
        return engine;
    }

    @Override
    public void run() {
        engine.nameThread();
        Frame.run(this);
    }

    /** Runs the batch in its thread's frame. */
    void run(Frame frame) {
        List<T> values = begin();
        if (values == null) {
            return;
        }
        Object returned = null;
        Throwable thrown = null;
        frame.processing(true);
        try {
            if (!values.isEmpty()) {
                tellDispatched();
                returned = engine.call().function().apply(values);
            }
            if (!engine.call().inStage()) {
                distribute(returned); // here, because a list may do its work only when it is read
            }
        } catch (Throwable failure) {
            thrown = failure;
        } finally {
            leave();
            frame.processing(false);
        }
        if (engine.call().inStage() && thrown == null && count > 0) {
            whenEnded(returned, frame);
        } else if (claimEnd()) {
            end(frame, thrown);
        }
    }

    /** Takes the items out of their slots; null if the batch was cut before. */
    private synchronized @Nullable List<T> begin() {
        if (state != State.HANDED_OVER) {
            return null;
        }
        List<T> values = new ArrayList<>(tickets.size());
        items = collect(values, true);
        begunNanos = nanosIfListening();
        state = State.RUNNING;
        thread = Thread.currentThread();
        forgetInterrupt();
        return values;
    }

    /** Empties the slots, for a batch that begins or for one that never will; settled items are left out. */
    @SuppressWarnings("unchecked") // what was queued with a value of T
    private Item<T, R>[] collect(List<T> values, boolean begins) {
        Item<T, R>[] live = (Item<T, R>[]) new Item<?, ?>[tickets.size()];
        for (Item<T, R> item = tickets.poll(); item != null; item = tickets.poll()) {
            Object value = item.value;
            item.chunk = null;
            if (value != null && (begins ? item.begin() : !item.isDone())) {
                live[count++] = item;
                values.add((T) value);
            }
        }
        return live;
    }

    /** The thread is no longer ours to interrupt, and a flag that the processor left reaches nobody else. */
    private synchronized void leave() {
        thread = null;
        forgetInterrupt();
    }

    @SuppressWarnings("CheckReturnValue") // whether it was set doesn't matter
    private static void forgetInterrupt() {
        Thread.interrupted();
    }

    private void whenEnded(@Nullable Object returned, Frame frame) {
        try {
            Results.stage((CompletionStage<?>) returned)
                    .whenComplete((results, failure) -> endOfStage(frame, results, failure));
        } catch (Throwable failure) {
            endOfStage(frame, null, failure);
        }
    }

    private void endOfStage(Frame frame, @Nullable Object results, @Nullable Throwable failure) {
        if (!claimEnd()) {
            return; // a stage that ends twice
        }
        Throwable thrown = failure == null ? null : Results.peel(failure);
        try {
            if (thrown == null) {
                distribute(results);
            }
        } catch (Throwable breach) {
            thrown = breach;
        }
        if (Frame.top() == frame) {
            end(frame, thrown);
            return;
        }
        try (Frame own = Frame.open(engine)) {
            end(own, thrown);
            own.runDeferred();
        }
    }

    private synchronized boolean claimEnd() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /** The processor has ended, and the items have their results unless it failed. */
    private void end(Frame frame, @Nullable Throwable thrown) {
        boolean abandoned;
        synchronized (this) {
            abandoned = state == State.ABANDONED;
            endedNanos = abandoned ? endedNanos : nanosIfListening();
            state = State.RETURNED;
        }
        frame.handOver(engine, engine.slotFreed(abandoned));
        if (!abandoned) {
            settle(frame, thrown == null ? null : failure(thrown));
        }
    }

    private void distribute(@Nullable Object returned) {
        if (count > 0) {
            engine.call().distribute(returned, engine.name(), items(), count);
        }
    }

    private Throwable failure(Throwable thrown) {
        return thrown instanceof CancellationException
                ? Refusal.cancelledProcessor(engine.name(), count, thrown)
                : thrown;
    }

    private void settle(Frame frame, @Nullable Throwable failure) {
        boolean outcomes = engine.call().outcomes();
        tellFinished(outcome(failure, outcomes));
        Consumer<Item<T, R>> end = failure == null
                ? item -> item.end(outcomes)
                : item -> item.fail(
                        failure instanceof BatchAbortedException ? ItemOutcome.ABORTED : ItemOutcome.FAILURE, failure);
        engine.settlement(items(), count, end, () -> engine.settled(this)).atBatchEnd(frame);
    }

    private BatchOutcome outcome(@Nullable Throwable failure, boolean outcomes) {
        if (failure != null) {
            return failure instanceof BatchAbortedException ? BatchOutcome.ABORTED : BatchOutcome.FAILURE;
        }
        int failed = 0;
        for (int i = 0; outcomes && i < count; i++) {
            failed += items()[i].value instanceof Outcome.Failure<?> ? 1 : 0;
        }
        return failed == 0 ? BatchOutcome.SUCCESS : failed == count ? BatchOutcome.FAILURE : BatchOutcome.PARTIAL;
    }

    private long nanosIfListening() {
        return listeners == null ? 0 : engine.time().nanoTime();
    }

    private void tellDispatched() {
        if (listeners != null) {
            long[] queueNanos = new long[count];
            int timed = 0;
            for (int i = 0; i < count; i++) {
                if (items()[i] instanceof TimedItem<T, R> item) {
                    queueNanos[timed++] = boundNanos - item.submittedNanos;
                }
            }
            listeners.dispatched(engine.name(), reason, timed == count ? queueNanos : Arrays.copyOf(queueNanos, timed));
        }
    }

    private void tellFinished(BatchOutcome outcome) {
        if (listeners != null && count > 0) {
            listeners.finished(engine.name(), outcome, count, endedNanos - begunNanos);
        }
    }

    /** Only after the batch has begun, by the threads that run it one after the other. */
    private Item<T, R>[] items() {
        return Objects.requireNonNull(items);
    }

    /**
     * Cuts the batch off before it begins or, if wanted, while it runs, and returns its state before. Its items are the
     * caller's to settle then; a running processor is interrupted.
     */
    synchronized State cutOff(boolean evenRunning) {
        State before = state;
        if (before == State.HANDED_OVER) {
            items = collect(new ArrayList<>(), false);
            state = State.CUT;
        } else if (before == State.RUNNING && evenRunning) {
            endedNanos = nanosIfListening();
            state = State.ABANDONED;
            if (thread != null) {
                thread.interrupt();
            }
        }
        return before;
    }

    /** The settlement of a batch that was cut off: each item fails. */
    synchronized Settlement<T, R> failing(ItemOutcome outcome, Throwable failure, Runnable done) {
        Settlement<T, R> settlement = engine.settlement(items(), count, item -> item.fail(outcome, failure), done);
        return state == State.ABANDONED ? settlement.first(() -> tellFinished(BatchOutcome.ABORTED)) : settlement;
    }

    /** How many of its items are not settled. */
    synchronized int unsettled() {
        if (items == null) {
            return tickets.unsettled();
        }
        int unsettled = 0;
        for (int i = 0; i < count; i++) {
            unsettled += items[i].isDone() ? 0 : 1;
        }
        return unsettled;
    }
}
