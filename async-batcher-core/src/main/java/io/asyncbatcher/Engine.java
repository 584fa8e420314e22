package io.asyncbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine: what a batcher is inside. Longer than other files, because every method of the public interface ends here,
 * in a line or two.
 *
 * <p><b>The way of an item.</b> A submitting thread takes a ticket and stores its {@link Item} in the {@link Queue}
 * without a lock. Most go home then. Who gets the ticket that matters (the first on an empty queue, the one that makes a
 * batch full, the first without a place) takes the lock and lets the {@link Dispatcher} decide. A {@link Batch} that it
 * binds is handed to the executor, takes its items out of their slots there, calls the processor, gives its slot back
 * and settles the items.
 *
 * <p><b>The other ways.</b> An item with a weight or a partition asks for its place under the lock, after the user's
 * functions have been asked outside, and stands in a {@link Line} by an {@link Entry}; so does one that comes back from a
 * batch to be tried again. A batch that failed as a whole may be halved: it keeps its slot and is handed over once more for
 * each half. A thread of our own that settles a quick batch has a slot kept for it, and takes the next batch when it comes
 * back; where many are queued it wakes the callers of several together ({@link HeldBack}). Who doesn't come back from a
 * continuation leaves the rest to others ({@link Watch}).
 *
 * <p><b>Who may change what.</b> {@code lock} guards the dispatcher with everything in it: slots, lines and entries,
 * stamps, deadlines, waiting threads, lifecycle, what the dispatch policy has learned, and the queue's head and places.
 * Without it only the queue's tail moves and its slots are filled, and a partition's line is found and its items are
 * counted, by compare-and-set, because keys are compared by user code ({@link Partitions}).
 * A batch's own monitor guards its way from hand-over to its end; it may be taken inside the lock, never the other way
 * round. An item's future decides by its own compare-and-set who settles it; everybody else's attempt is lost without a
 * trace. No user code runs under the lock or a monitor: a locked section only collects what has to follow, and
 * {@link #changed} does it outside.
 *
 * <p><b>Nothing is forgotten.</b> The dispatcher writes the mark at which it wants to be woken before it reads the queue's
 * tail again, a submitting thread reads the mark after it has moved the tail: one of the two sees the other. Every event
 * that could let a batch go (an arrival at the mark, a processor's return, the alarm, flush, resume, a change of options,
 * a stop) ends in {@link Dispatcher#pump}, which binds all that may go.
 *
 * <p><b>Stop.</b> From the moment a stop holds the lock, tickets are refused: the queue's limit lies below all tickets, so
 * a thread that is just taking one comes here and hears it. Those that were faster count as queued, and the end is
 * reached when nothing is queued, every batch's items are settled, and nothing is left to settle aside. A forced stop
 * cuts or abandons every batch and settles its items aside; the processors that it leaves behind keep their slots until
 * they return.
 *
 * <p><b>Not final,</b> so that a container's advice can be put around a batcher that is a bean.
 */
class Engine<T, R extends @Nullable Object> implements AsyncBatcher<T, R> {

    /**
     * Waking another thread takes a few microseconds: where a call takes less than some of these, it is better to wait for
     * the thread that settles the batch to come back.
     */
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final int WARY_BATCHES = 30;
    private static final int SOME_LOOKS = 20;
    private static final int MANY_LOOKS = 1_000;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String name;
    private final Call<T> call;
    private final Executor executor;
    private final boolean ownThreads;
    private final @Nullable Executor completionExecutor;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<T, R> queue = new Queue<>();
    private final @Nullable Sorting<T, R> sorting;
    private final @Nullable Predicate<? super Throwable> isolated;
    private final Lifecycle<T, R> lifecycle = new Lifecycle<>();
    private final Dispatcher<T, R> dispatcher;
    private volatile @Nullable Listeners listeners;

    /** The bound on an item without a timeout of its own. Written under the lock. */
    private volatile long itemTimeoutNanos;

    private int wary; // about how many batches' threads are not to be waited for; a lost update doesn't matter
    private int selfWaits; // guarded by lock

    Engine(Builder<T, R> builder) {
        name = builder.options.name();
        call = builder.call;
        ownThreads = builder.executor == null;
        executor = builder.executor == null ? OwnThreads::execute : builder.executor;
        completionExecutor = builder.completionExecutor;
        time = builder.time;
        listeners = builder.listener == null ? null : Listeners.with(null, builder.listener);
        isolated = builder.isolated;
        Line<T, R> main = new Line<>(null, 0);
        Partitions<T, R> partitions = builder.partitioner == null ? null : new Partitions<>();
        sorting = partitions != null || builder.weigher != null ? new Sorting<>(builder, main, partitions) : null;
        requireWeigher(builder.options);
        itemTimeoutNanos = itemTimeoutNanos(builder.options);
        Deadlines deadlines = new Deadlines();
        Backlog<T, R> backlog = new Backlog<>(queue, main, partitions, deadlines, sorting != null);
        dispatcher =
                new Dispatcher<>(this, backlog, lifecycle, deadlines, new Alarm(time, this), time, builder.options);
        change(() -> {});
    }

    // ---- submitting ----

    @Override
    public CompletableFuture<R> process(T item) {
        Objects.requireNonNull(item, "item");
        long timeoutNanos = itemTimeoutNanos;
        if (timeoutNanos < Nanos.FOREVER) {
            return submit(item, timeoutNanos);
        }
        Listeners listening = listeners;
        Item<T, R> submitted = listening == null
                ? new Item<>(this, item)
                : new TimedItem<>(this, item, listening, time, Nanos.FOREVER);
        if (queue.closed) {
            ask(submitted);
            return submitted;
        }
        try {
            long ticket = queue.add(submitted);
            if (ticket == queue.wakeAt || ticket >= queue.limit) {
                lookIn(submitted, ticket);
            }
        } catch (Error failure) {
            lookAgain(failure); // it may have been the one to wake a batch
            throw failure;
        }
        return submitted;
    }

    @Override
    public CompletableFuture<R> process(T item, Duration timeout) {
        Objects.requireNonNull(item, "item");
        Objects.requireNonNull(timeout, "timeout");
        return submit(item, Nanos.of(timeout));
    }

    /** Submits an item with a deadline, which is noted under the lock. */
    private CompletableFuture<R> submit(T item, long timeoutNanos) {
        TimedItem<T, R> submitted = new TimedItem<>(this, item, listeners, time, timeoutNanos);
        if (timeoutNanos == 0) {
            submitted.refuse(submitted.expiry());
        } else {
            ask(submitted);
        }
        return submitted;
    }

    @Override
    public CompletableFuture<List<R>> processAll(Collection<? extends T> items) {
        List<T> all = new ArrayList<>(items);
        for (T item : all) {
            Objects.requireNonNull(item, "items contains null");
        }
        List<CompletableFuture<R>> futures = new ArrayList<>(all.size());
        for (T item : all) {
            futures.add(process(item));
        }
        return new Together<>(this, futures).gather();
    }

    /** Asks for a place under the lock. */
    private void ask(Item<T, R> item) {
        Entry<T, R> entry = null;
        if (sorting != null) {
            try {
                entry = sorting.entry(item, time.nanoTime());
            } catch (Throwable failure) {
                item.refuse(failure);
                return;
            }
        }
        BatcherException refusal = ask(item, entry);
        if (refusal != null) {
            if (entry != null && sorting != null) {
                sorting.forget(entry);
            }
            refuse(item, refusal);
        }
    }

    private @Nullable BatcherException ask(Item<T, R> item, @Nullable Entry<T, R> entry) {
        Asking<T, R> asking = changeAnd(() -> {
            BatcherException refusal = dispatcher.offer(item, entry);
            return refusal instanceof QueueFullException && mayBlock()
                    ? new Asking<>(null, dispatcher.await(item, entry, lock))
                    : new Asking<>(refusal, null);
        });
        return asking.waiter == null ? asking.refusal : await(asking.waiter);
    }

    /** The answer to an item that asked for a place: none, a refusal or a wait. */
    private record Asking<T, R extends @Nullable Object>(
            @Nullable BatcherException refusal, @Nullable Waiter<T, R> waiter) {}

    /** The ticket that was taken without the lock matters: it may have found no place, or a batch may go. */
    private void lookIn(Item<T, R> item, long ticket) {
        boolean kept = changeAnd(() -> dispatcher.keeps(item, ticket));
        if (!kept) {
            ask(item);
        }
    }

    private boolean mayBlock() {
        BatcherOptions options = dispatcher.options();
        Frame frame = Frame.top();
        return options.overflow() == OverflowPolicy.BLOCK
                && !options.maxBlockTime().isZero()
                && (frame == null || !frame.isProcessingFor(this));
    }

    private @Nullable BatcherException await(Waiter<T, R> waiter) {
        Frame frame = Frame.top();
        if (frame != null) {
            frame.beforeWait();
        }
        lock.lock();
        try {
            waiter.await();
        } catch (InterruptedException interrupt) {
            dispatcher.giveUp(waiter, Refusal.interrupted(dispatcher.options()));
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return waiter.refusal();
    }

    private void refuse(Item<T, R> item, BatcherException refusal) {
        RejectionReason reason = reason(refusal);
        Listeners listening = listeners;
        if (reason != null) {
            read(() -> dispatcher.rejected(reason));
        }
        if (reason != null && listening != null) {
            listening.rejected(name, reason);
        }
        item.refuse(refusal);
    }

    private static @Nullable RejectionReason reason(BatcherException refusal) {
        if (refusal instanceof QueueFullException) {
            return RejectionReason.FULL;
        }
        if (refusal instanceof BatcherStoppedException) {
            return RejectionReason.STOPPED;
        }
        return refusal instanceof ItemTooHeavyException ? RejectionReason.TOO_HEAVY : null;
    }

    /** The caller ends its item: gives its place back. If that is true, {@link #endingDone} must follow. */
    boolean withdraw(Item<T, R> item) {
        return changeAnd(() -> dispatcher.withdraw(item));
    }

    // ---- running ----

    /** Changes something under the lock, then does outside what follows from it. */
    private void change(Runnable change) {
        start(changed(change));
    }

    /** The same for a caller, whose stack may be nearly full. */
    private void changeForCaller(Runnable change) {
        StackRoom.probe();
        change(change);
    }

    private <V> V changeAnd(Supplier<V> change) {
        List<V> answer = new ArrayList<>(1);
        changeForCaller(() -> answer.add(change.get()));
        return answer.get(0);
    }

    /**
     * Changes something under the lock, settles outside what has ended by it, and returns what is to be handed over. What an
     * error leaves is done all the same, and looked at again: others may depend on it.
     */
    private @Nullable Batch<T, R> changed(Runnable change) {
        return changed(change, false);
    }

    /** The same, on the timer's thread or not: user code that hangs on a stop's end must not keep that. */
    private @Nullable Batch<T, R> changed(Runnable change, boolean onTimer) {
        Batch<T, R> batches;
        List<Settlement<T, R>> asides;
        CompletableFuture<@Nullable Void> end;
        Throwable broken = null;
        lock.lock();
        try {
            change.run();
            dispatcher.pump();
        } catch (Throwable failure) {
            broken = failure;
        } finally {
            batches = dispatcher.takeBound();
            asides = lifecycle.takeAsides();
            end = lifecycle.takeEnd();
            lock.unlock();
        }
        for (Settlement<T, R> aside : asides) {
            settleAside(aside);
        }
        if (end != null && onTimer) {
            offload(() -> end.complete(null));
        } else if (end != null) {
            end.complete(null);
        }
        if (broken != null) {
            start(batches);
            throw broken(broken);
        }
        return batches;
    }

    private static <T, R extends @Nullable Object> void settleAside(Settlement<T, R> aside) {
        try {
            aside.aside();
        } catch (Throwable failure) {
            // for lack of memory: it is looked at until it is settled
        }
    }

    private RuntimeException broken(Throwable failure) {
        if (failure instanceof RuntimeException refusal) {
            return refusal;
        }
        lookAgain(failure);
        throw (Error) failure;
    }

    /** Somebody else has to do what an error has kept this thread from. */
    private void lookAgain(Throwable failure) {
        queue.closed = true; // the next item comes here; if there is none:
        try {
            time.schedule(() -> ring(failure), LOOK_AGAIN_NANOS);
        } catch (Throwable again) {
            // for the same reason, on a stack or in a heap with no room left
        }
    }

    private <V> V read(Supplier<V> reading) {
        lock.lock();
        try {
            return reading.get();
        } finally {
            lock.unlock();
        }
    }

    /** Hands chained batches to the executor, and those that go in place of refused ones. */
    void start(@Nullable Batch<T, R> batches) {
        Batch<T, R> ours = null;
        for (Batch<T, R> batch = batches; batch != null; ) {
            Batch<T, R> next = batch.unchain();
            try {
                executor.execute(batch);
            } catch (Throwable refusal) {
                if (!ownThreads && read(lifecycle::isEnding)) {
                    ours = Batch.chain(ours, batch); // an executor may end before us: nothing is lost by that
                } else {
                    next = Batch.chain(next, refused(batch, refusal));
                }
            }
            if (batch.moreMayGo) {
                offload(() -> change(() -> {})); // by another thread: this one may be a caller's
            }
            batch = next;
        }
        runOnOwnThreads(ours); // last, because what follows from them comes behind the others
    }

    private void runOnOwnThreads(@Nullable Batch<T, R> batches) {
        for (Batch<T, R> batch = batches; batch != null; ) {
            Batch<T, R> own = batch;
            batch = own.unchain();
            offload(() -> {
                OwnThreads.nameAfter(name);
                own.run();
            });
        }
    }

    /** Whether a batch whose processor took so long may keep its thread for the next one. */
    boolean isQuick(long nanos) {
        if (wary > 0) {
            wary--;
            return false;
        }
        return nanos < QUICK_NANOS;
    }

    /** A continuation or a processor has kept a thread from coming back, or from settling what it held. */
    void beWary() {
        wary = WARY_BATCHES;
    }

    private @Nullable Batch<T, R> refused(Batch<T, R> batch, Throwable refusal) {
        Throwable cause = refusal instanceof RejectedExecutionException
                ? refusal
                : new RejectedExecutionException("The executor failed", refusal);
        return changed(() -> dispatcher.refused(batch, cause));
    }

    /** A call of the processor is about to begin, or has nothing left to be called with. */
    void calling(Batch<T, R> batch, boolean really) {
        if (batch.paced) {
            change(() -> dispatcher.calling(batch, really));
        }
    }

    /** Something may be overdue whose alarm hasn't rung. */
    void giveUpOverdue() {
        change(() -> {});
    }

    /** A batch wants another call; what may go now is returned. */
    @Nullable
    Batch<T, R> again(Batch<T, R> batch) {
        return changed(() -> dispatcher.again(batch));
    }

    /** A batch's last call has ended; what may go now is returned. */
    @Nullable
    Batch<T, R> returned(Batch<T, R> batch, boolean abandoned) {
        return changed(() -> dispatcher.returned(batch, abandoned));
    }

    /** All of a batch's items are settled, by whomever. */
    void settled(Batch<T, R> batch) {
        change(() -> dispatcher.settled(batch));
    }

    /** No slot is reserved any more for the thread that settles a batch; what may go now is returned. */
    @Nullable
    Batch<T, R> release(Batch<T, R> batch, boolean settled) {
        return changed(() -> dispatcher.release(batch, settled));
    }

    /** Whether waking callers of quick batches later is ours to decide, and is bounded by a clock that goes on. */
    boolean mayHold() {
        return completionExecutor == null && time == TimeSource.system();
    }

    /** What was settled without a batch, or by its caller, is settled. */
    void endingDone(Ending ending) {
        change(() -> dispatcher.endingDone(ending));
    }

    /** A batch has come for items that are not stored yet. */
    void late(Batch<T, R> batch) {
        change(() -> dispatcher.late(batch));
    }

    /** Looks, on the timer's thread, whether what is to be settled gets on. What doesn't goes on elsewhere. */
    void look() {
        for (Ending stuck : read(dispatcher::look)) {
            if (stuck instanceof Settlement<?, ?> settlement) {
                OwnThreads.execute(() -> settlement.goOn(OwnThreads::execute)); // it may end a stop, or hand over
            } else if (stuck.isSettled()) {
                OwnThreads.execute(() -> endingDone(stuck));
            }
        }
    }

    /**
     * How often something has to be seen unchanged to be taken for stuck. The user's threads are waited for longer: what
     * another thread takes over doesn't run where the user wants it. So are all where time is another one, as in tests.
     */
    int looks() {
        if (time != TimeSource.system() || completionExecutor != null) {
            return MANY_LOOKS;
        }
        return ownThreads ? 1 : SOME_LOOKS;
    }

    /** On the timer's thread: nothing here may run user code, and handing over to the user's executor may. */
    void ring(Object alarm) {
        Batch<T, R> batches = changed(() -> dispatcher.ring(alarm), true);
        if (ownThreads) {
            start(batches);
        } else if (batches != null) {
            offload(() -> start(batches));
        }
    }

    /** Runs work that may block off this thread; on it where no other is to be had, because never would be worse. */
    void offload(Runnable work) {
        AtomicBoolean begun = new AtomicBoolean();
        Runnable once = () -> {
            if (begun.compareAndSet(false, true)) {
                work.run();
            }
        };
        try {
            time.offload(once);
        } catch (Throwable noThread) {
            once.run();
        }
    }

    Batch<T, R> newBatch(Batch.Binding<T, R> binding) {
        Listeners listening = listeners;
        BatchReport report =
                listening == null ? null : new BatchReport(this, listening, binding.reason(), time.nanoTime());
        return new Batch<>(this, binding, report);
    }

    /** A settlement of a batch's items, or without a batch. */
    Settlement<T, R> settlement(Item<T, R>[] items, @Nullable Object[] ends, int count, @Nullable Batch<T, R> batch) {
        return new Settlement<>(this, items, ends, count, batch);
    }

    /** A processor of ours is about to wait for items of ours: false if that is no danger. */
    boolean beginSelfWait(Waited<?> awaited) {
        return read(() -> {
            int slots = dispatcher.options().concurrency();
            if (slots == BatcherOptions.NO_LIMIT || awaited.waitsOnlyFor(item -> !dispatcher.needsSlot(item))) {
                return false;
            }
            if (selfWaits + 1 >= slots) {
                throw Refusal.endlessWait(name, slots);
            }
            selfWaits++;
            return true;
        });
    }

    void endSelfWait() {
        read(() -> selfWaits--);
    }

    /** Names a thread of our own after the batcher that it works for. */
    void nameThread() {
        if (ownThreads) {
            OwnThreads.nameAfter(name);
        }
    }

    boolean hasOwnThreads() {
        return ownThreads;
    }

    /** The time, read only where somebody listens. */
    long nanosIfListenedTo() {
        return listeners == null ? 0 : time.nanoTime();
    }

    Call<T> call() {
        return call;
    }

    @Nullable
    Predicate<? super Throwable> isolated() {
        return isolated;
    }

    @Nullable
    Executor completionExecutor() {
        return completionExecutor;
    }

    TimeSource time() {
        return time;
    }

    // ---- operating ----

    @Override
    public String name() {
        return name;
    }

    @Override
    public BatcherOptions options() {
        return read(dispatcher::options);
    }

    @Override
    public void reconfigure(UnaryOperator<BatcherOptions> change) {
        boolean replaced = false;
        while (!replaced) {
            BatcherOptions before = options();
            BatcherOptions after = change.apply(before);
            if (!after.name().equals(name)) {
                throw new IllegalArgumentException("name of batcher '" + name + "' can't be changed to '" + after.name()
                        + "'; build another batcher");
            }
            requireWeigher(after);
            replaced = changeAnd(() -> replace(before, after));
        }
    }

    private boolean replace(BatcherOptions before, BatcherOptions after) {
        boolean replaced = dispatcher.replace(before, after);
        if (replaced) {
            itemTimeoutNanos = itemTimeoutNanos(after);
        }
        return replaced;
    }

    private static long itemTimeoutNanos(BatcherOptions options) {
        return options.itemTimeout() == null ? Nanos.FOREVER : Nanos.of(options.itemTimeout());
    }

    private void requireWeigher(BatcherOptions options) {
        if ((sorting == null || !sorting.weighs()) && options.maxBatchWeight() != BatcherOptions.NO_LIMIT) {
            throw Refusal.noWeigher(options);
        }
    }

    @Override
    public BatcherSnapshot snapshot() {
        return read(dispatcher::snapshot);
    }

    @Override
    public void addListener(BatcherListener listener) {
        Objects.requireNonNull(listener, "listener");
        read(() -> listeners = Listeners.with(listeners, listener));
    }

    @Override
    public void removeListener(BatcherListener listener) {
        read(() -> listeners = Listeners.without(listeners, listener));
    }

    @Override
    public void flush() {
        changeForCaller(dispatcher::flush);
    }

    @Override
    public void pause() {
        changeForCaller(() -> dispatcher.pause(true));
    }

    @Override
    public void resume() {
        changeForCaller(() -> dispatcher.pause(false));
    }

    @Override
    public void start() {
        changeForCaller(dispatcher::start);
    }

    @Override
    public boolean isRunning() {
        return read(lifecycle::isRunning);
    }

    @Override
    public void prepareStop() {
        change(lifecycle::prepareStop);
    }

    @Override
    public boolean isInside() {
        return Frame.isInside(this);
    }

    @Override
    public CompletableFuture<Void> stop(boolean force) {
        return stop(force ? 0 : Nanos.FOREVER);
    }

    @Override
    public CompletableFuture<Void> stop(Duration grace) {
        return stop(Nanos.of(grace));
    }

    private CompletableFuture<Void> stop(long graceNanos) {
        return changeAnd(() -> dispatcher.stop(graceNanos)).copy();
    }

    @Override
    public void close() {
        CompletableFuture<Void> end = stop(false);
        if (isInside()) {
            return;
        }
        try {
            end.get();
        } catch (InterruptedException interrupt) {
            stop(true).join();
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new AssertionError("The end of a stop never fails", impossible);
        }
    }

    @Override
    public String toString() {
        return "AsyncBatcher[" + name + "]";
    }
}
