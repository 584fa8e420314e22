package io.asyncbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine: what a batcher is inside. Every method of the public interface ends here, in a line or two.
 *
 * <h2>The way of an item</h2>
 *
 * <p>A submitting thread takes a ticket and stores its {@link Item} in the {@link TicketQueue} without a lock. Most threads
 * return then. The thread whose ticket matters (the first on an empty queue, the one that makes a batch full, the first
 * without room) takes the lock and lets the {@link Dispatcher} decide. A {@link Batch} that it binds is handed to the
 * executor, takes its items out of the queue there, makes an {@link Attempt} at calling the processor, gives its slot back
 * and settles the items ({@link Settlement}).
 *
 * <h2>The other ways</h2>
 *
 * <p>An item with a weight, a partition or a timeout asks for room under the lock ({@link Admission}), after the user's
 * functions have been asked outside. With a weight or a partition it stands in a {@link PartitionQueue} by an {@link Entry};
 * so does an item that comes back from a batch to be tried again. A batch that failed as a whole may be halved
 * ({@link Bisection}): it keeps its slot and is handed over once more for each half. A thread of the library that settles a
 * quick batch takes the next one when it comes back ({@link Worker}). A thread that doesn't come back from a continuation
 * leaves the rest to others ({@link Watchdog}).
 *
 * <h2>Who may change what</h2>
 *
 * <p>{@code lock} guards the dispatcher with everything in it: slots, partitions and entries, stamps, deadlines, waiting
 * threads, the lifecycle, what the dispatch policy has learned, and the queue's head. Without it only the queue's tail moves
 * and its cells are filled, and a partition is found and its items are counted, by compare-and-set, because keys are
 * compared by user code ({@link PartitionIndex}). A batch's own monitor guards its way from hand-over to its end; it may be
 * taken inside the lock, never the other way round. An item's future decides by its own compare-and-set who settles it;
 * everybody else's attempt has no effect. No user code runs under the lock or a monitor: a locked section only collects its
 * {@link Effects}, and they are carried out outside.
 *
 * <h2>Nothing is forgotten</h2>
 *
 * <p>The dispatcher writes the mark at which it wants to be woken before it reads the queue's tail again; a submitting thread
 * reads the mark after it has moved the tail. One of the two sees the other. Every event that could let a batch go (an
 * arrival at the mark, a processor's return, the alarm, flush, resume, a change of options, a stop) ends in
 * {@link Dispatcher#pump}, which binds all that may go.
 *
 * <h2>Stop</h2>
 *
 * <p>From the moment a stop holds the lock, tickets are rejected: the queue's limit lies below all tickets, so a thread that
 * is just taking one comes here and hears it. Those that were faster count as queued. The end is reached when nothing is
 * queued, every batch's items are settled, and nothing is left to settle aside ({@link Shutdown}). A forced stop cuts or
 * abandons every batch and settles its items aside; the processors that it leaves behind keep their slots until they return.
 *
 * <p>Not final, so that a container's advice can be put around a batcher that is a bean.
 */
class Engine<T, R extends @Nullable Object>
        implements AsyncBatcher<T, R>, ItemOwner<T, R>, Dispatcher.Ports<T, R> {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Setup<T> setup;
    private final ReentrantLock lock = new ReentrantLock();
    private final TicketQueue<T, R> queue = new TicketQueue<>();
    private final @Nullable Sorting<T, R> sorting;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Effects<T, R> effects = new Effects<>();
    private final Dispatcher<T, R> dispatcher;
    private volatile @Nullable Listeners listeners; // written under the lock

    /** The bound on an item without a timeout of its own. Written under the lock. */
    private volatile long itemTimeoutNanos;

    private int selfWaits;

    Engine(Builder<T, R> builder) {
        boolean ownThreads = builder.executor == null;
        setup = new Setup<>(
                builder.options.name(),
                builder.call,
                builder.isolated,
                builder.executor == null ? OwnThreads::execute : builder.executor,
                ownThreads,
                new QuickPath(),
                builder.completionExecutor,
                builder.time);
        listeners = builder.listener == null ? null : Listeners.with(null, builder.listener);
        PartitionQueue<T, R> main = new PartitionQueue<>(null, 0);
        PartitionIndex<T, R> partitions = builder.partitioner == null ? null : new PartitionIndex<>();
        sorting = partitions != null || builder.weigher != null ? new Sorting<>(builder, main, partitions) : null;
        requireWeigher(builder.options);
        itemTimeoutNanos = itemTimeoutNanos(builder.options);
        dispatcher = new Dispatcher<>(
                this, setup, lifecycle, queue, main, partitions, sorting != null, effects, builder.options);
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
        Item<T, R> submitted =
                listening == null ? new Item<>(this, item) : newTimedItem(item, listening, Nanos.FOREVER);
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
        TimedItem<T, R> submitted = newTimedItem(item, listeners, timeoutNanos);
        if (timeoutNanos == 0) {
            submitted.reject(submitted.expiry());
        } else {
            ask(submitted);
        }
        return submitted;
    }

    private TimedItem<T, R> newTimedItem(T item, @Nullable Listeners listening, long timeoutNanos) {
        return new TimedItem<>(this, item, setup.name(), listening, setup.time(), timeoutNanos);
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

    /** Asks for room under the lock. */
    private void ask(Item<T, R> item) {
        Entry<T, R> entry = null;
        if (sorting != null) {
            try {
                entry = sorting.entry(item, setup.time().nanoTime());
            } catch (Throwable failure) {
                item.reject(failure);
                return;
            }
        }
        BatcherException rejection = ask(item, entry);
        if (rejection != null) {
            if (entry != null && sorting != null) {
                sorting.forget(entry);
            }
            reject(item, rejection);
        }
    }

    private @Nullable BatcherException ask(Item<T, R> item, @Nullable Entry<T, R> entry) {
        Frame frame = Frame.top();
        boolean mayWait = frame == null || !frame.isProcessingFor(this);
        Admission.Answer<T, R> answer =
                changeForCaller(() -> dispatcher.admission().ask(item, entry, mayWait ? lock : null));
        if (answer instanceof Admission.Answer.Rejected<T, R> rejected) {
            return rejected.why();
        }
        return answer instanceof Admission.Answer.Wait<T, R> wait ? await(wait.waiter()) : null;
    }

    /** The ticket that was taken without the lock matters: it may have found no room, or a batch may go. */
    private void lookIn(Item<T, R> item, long ticket) {
        if (!changeForCaller(() -> dispatcher.admission().keeps(item, ticket))) {
            ask(item);
        }
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
            dispatcher.admission().interrupt(waiter);
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return waiter.rejection();
    }

    private void reject(Item<T, R> item, BatcherException rejection) {
        RejectionReason reason = Rejections.reason(rejection);
        Listeners listening = listeners;
        if (reason != null) {
            note(() -> dispatcher.tally().rejected(reason));
        }
        if (reason != null && listening != null) {
            listening.rejected(setup.name(), reason);
        }
        item.reject(rejection);
    }

    // ---- the lock ----

    /**
     * Changes something under the lock, and lets the dispatcher do what follows from it there. What an error leaves is done
     * all the same: others may depend on it.
     */
    private Effects<T, R> locked(Runnable change) {
        Effects<T, R> following = new Effects<>();
        lock.lock();
        try {
            change.run();
            dispatcher.pump();
        } catch (Throwable failure) {
            effects.fail(failure);
        } finally {
            effects.moveTo(following);
            lock.unlock();
        }
        return following;
    }

    /** Carries out what follows from a change, but for the batches that may go now: those are returned. */
    private @Nullable Batch<T, R> carryOut(Effects<T, R> following, boolean onTimer) {
        for (Settlement<T, R> aside : following.asides()) {
            settleAside(aside);
        }
        CompletableFuture<@Nullable Void> end = following.stopEnd();
        if (end != null && onTimer) {
            setup.offload(() -> end.complete(null)); // user code that hangs on it must not keep the timer
        } else if (end != null) {
            end.complete(null);
        }
        Throwable failure = following.failure();
        if (failure != null) {
            start(following.batches());
            if (failure instanceof RuntimeException rejection) {
                throw rejection;
            }
            lookAgain(failure);
            throw (Error) failure;
        }
        return following.batches();
    }

    private static <T, R extends @Nullable Object> void settleAside(Settlement<T, R> aside) {
        try {
            aside.aside();
        } catch (Throwable failure) {
            // for lack of memory: it is looked at until it is settled
        }
    }

    private @Nullable Batch<T, R> changed(Runnable change) {
        return carryOut(locked(change), false);
    }

    private void change(Runnable change) {
        start(changed(change));
    }

    /** Changes something for a caller, whose stack may be nearly full, and returns what it has to hear. */
    private <V> V changeForCaller(Supplier<V> change) {
        StackRoom.probe();
        List<V> answer = new ArrayList<>(1);
        change(() -> answer.add(change.get()));
        return answer.get(0);
    }

    private void changeForCaller(Runnable change) {
        StackRoom.probe();
        change(change);
    }

    /** Reads something under the lock. */
    private <V> V read(Supplier<V> reading) {
        lock.lock();
        try {
            return reading.get();
        } finally {
            lock.unlock();
        }
    }

    /** Writes something under the lock that nothing else follows from. */
    private void note(Runnable writing) {
        lock.lock();
        try {
            writing.run();
        } finally {
            lock.unlock();
        }
    }

    /** Somebody else has to do what an error has kept this thread from. */
    private void lookAgain(Throwable failure) {
        queue.closed = true; // the next item comes here; if there is none:
        try {
            setup.time().schedule(() -> ring(failure), LOOK_AGAIN_NANOS);
        } catch (Throwable again) {
            // for the same reason, on a stack or in a heap with no room left
        }
    }

    // ---- what batches, items and the timer tell ----

    /** Hands chained batches to the executor, and those that go in place of rejected ones. */
    @Override
    public void start(@Nullable Batch<T, R> batches) {
        Batch<T, R> ours = null;
        for (Batch<T, R> batch = batches; batch != null; ) {
            Batch<T, R> next = batch.unchain();
            try {
                setup.executor().execute(batch);
            } catch (Throwable rejection) {
                if (!setup.ownThreads() && read(lifecycle::isEnding)) {
                    ours = Batch.chain(ours, batch); // an executor may end before us: nothing is lost by that
                } else {
                    next = Batch.chain(next, rejected(batch, rejection));
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
                OwnThreads.nameAfter(setup.name());
                own.run();
            });
        }
    }

    private @Nullable Batch<T, R> rejected(Batch<T, R> batch, Throwable rejection) {
        Throwable cause = rejection instanceof RejectedExecutionException
                ? rejection
                : new RejectedExecutionException("The executor failed", rejection);
        return changed(() -> dispatcher.inFlight().rejected(batch, cause));
    }

    @Override
    public @Nullable BatchReport report(DispatchReason reason) {
        Listeners listening = listeners;
        return listening == null ? null : new BatchReport(setup, listening, reason, setup.time().nanoTime());
    }

    @Override
    public void expireOverdue() {
        change(() -> {});
    }

    @Override
    public void late(Batch<T, R> batch) {
        change(() -> dispatcher.inFlight().late(batch));
    }

    @Override
    public void calling(Batch<T, R> batch, boolean really) {
        change(() -> dispatcher.inFlight().calling(batch, really));
    }

    @Override
    public @Nullable Batch<T, R> again(Batch<T, R> batch) {
        return changed(() -> dispatcher.inFlight().again(batch));
    }

    @Override
    public @Nullable Batch<T, R> returned(Batch<T, R> batch, Return what) {
        return changed(() -> dispatcher.inFlight().returned(batch, what));
    }

    @Override
    public @Nullable Batch<T, R> release(Batch<T, R> batch, boolean settled) {
        return changed(() -> dispatcher.inFlight().release(batch, settled));
    }

    @Override
    public void settled(Ending ending) {
        change(() -> dispatcher.endings().close(ending));
    }

    @Override
    public boolean withdraw(Item<T, R> item) {
        return changeForCaller(() -> dispatcher.withdraw(item));
    }

    @Override
    public void expired(TimedItem<T, R> item) {
        dispatcher.expired(item);
    }

    @Override
    public boolean beginSelfWait(SelfWaitGuard<?> awaited) {
        return read(() -> {
            int slots = dispatcher.options().concurrency();
            if (slots == BatcherOptions.NO_LIMIT
                    || awaited.waitsOnlyFor(item -> !dispatcher.inFlight().needsSlot(item))) {
                return false;
            }
            if (selfWaits + 1 >= slots) {
                throw Rejections.endlessWait(setup.name(), slots);
            }
            selfWaits++;
            return true;
        });
    }

    @Override
    public void endSelfWait() {
        note(() -> selfWaits--);
    }

    @Override
    public void look() {
        for (Ending stuck : read(dispatcher.endings()::look)) {
            if (stuck instanceof Settlement<?, ?> settlement) {
                OwnThreads.execute(() -> settlement.goOn(OwnThreads::execute)); // it may end a stop, or hand over
            } else if (stuck.isSettled()) {
                OwnThreads.execute(() -> settled(stuck));
            }
        }
    }

    /** On the timer's thread: nothing here may run user code, and handing over to the user's executor may. */
    @Override
    public void ring(Object setting) {
        Batch<T, R> batches = carryOut(locked(() -> dispatcher.ring(setting)), true);
        if (setup.ownThreads()) {
            start(batches);
        } else if (batches != null) {
            offload(() -> start(batches));
        }
    }

    @Override
    public void offload(Runnable work) {
        setup.offload(work);
    }

    // ---- operating ----

    @Override
    public String name() {
        return setup.name();
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
            if (!after.name().equals(name())) {
                throw new IllegalArgumentException("name of batcher '" + name() + "' can't be changed to '"
                        + after.name() + "'; build another batcher");
            }
            requireWeigher(after);
            replaced = changeForCaller(() -> replace(before, after));
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
            throw Rejections.noWeigher(options);
        }
    }

    @Override
    public BatcherSnapshot snapshot() {
        return read(dispatcher::snapshot);
    }

    @Override
    public void addListener(BatcherListener listener) {
        Objects.requireNonNull(listener, "listener");
        note(() -> listeners = Listeners.with(listeners, listener));
    }

    @Override
    public void removeListener(BatcherListener listener) {
        note(() -> listeners = Listeners.without(listeners, listener));
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
        changeForCaller(() -> dispatcher.shutdown().start());
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
        return changeForCaller(() -> dispatcher.shutdown().stop(graceNanos)).copy();
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
        return "AsyncBatcher[" + name() + "]";
    }
}
