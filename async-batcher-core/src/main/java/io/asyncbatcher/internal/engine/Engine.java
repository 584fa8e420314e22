package io.asyncbatcher.internal.engine;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.internal.batch.Attempt;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.Bisection;
import io.asyncbatcher.internal.call.QuickPath;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.dispatch.Admission;
import io.asyncbatcher.internal.dispatch.Dispatcher;
import io.asyncbatcher.internal.dispatch.Effects;
import io.asyncbatcher.internal.dispatch.Shutdown;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Listeners;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.Together;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.PartitionIndex;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.queue.Sorting;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.internal.settlement.Settlement;
import io.asyncbatcher.internal.settlement.Worker;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Limits;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.OwnThreads;
import io.asyncbatcher.internal.thread.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
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
 * <p>An item with a weight, a partition, a priority or a timeout asks for room under the lock ({@link Admission}), after the
 * user's functions have been asked outside. With a weight, a partition or a priority it stands in a {@link PartitionQueue}
 * by an {@link Entry}; so does an item that comes back from a batch to be tried again. A batch that failed as a whole may be
 * halved ({@link Bisection}): it keeps its slot and is handed over once more for each half. A thread of the library that
 * settles a quick batch takes the next one when it comes back ({@link Worker}). A thread that doesn't come back from a
 * continuation leaves the rest to others ({@link Watchdog}).
 *
 * <h2>Who may change what</h2>
 *
 * <p>The lock, which {@link Changes} owns, guards the dispatcher with everything in it: slots, partitions and entries,
 * stamps, deadlines, waiting threads, the lifecycle, what the dispatch policy has learned, and the queue's head. Without it
 * only the queue's tail moves and its cells are filled, and a partition is found and its items are counted, by
 * compare-and-set, because keys are compared by user code ({@link PartitionIndex}). A batch's own monitor guards its way from
 * hand-over to its end; it may be taken inside the lock, never the other way round. An item's future decides by its own
 * compare-and-set who settles it; everybody else's attempt has no effect. No user code runs under the lock or a monitor: a
 * locked section only collects its {@link Effects}, and they are carried out outside.
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
public class Engine<T, R extends @Nullable Object> implements AsyncBatcher<T, R> {

    private final Setup<T> setup;
    private final @Nullable Sorting<T, R> sorting;
    private final Changes<T, R> changes;
    private final Ports<T, R> ports;
    private final Submission<T, R> submission;

    public Engine(Blueprint<T> blueprint) {
        Executor executor = blueprint.executor();
        setup = new Setup<>(
                blueprint.options().name(),
                blueprint.call(),
                blueprint.isolated(),
                executor == null ? OwnThreads::execute : executor,
                executor == null,
                new QuickPath(),
                blueprint.completionExecutor(),
                blueprint.time());
        sorting = Sorting.of(setup.name(), blueprint.weigher(), blueprint.partitioner(), blueprint.prioritizer());
        requireWeigher(blueprint.options());
        ports = new Ports<>(setup, sorting, blueprint.options());
        changes = ports.changes();
        submission = ports.submission();
        submission.follow(blueprint.options());
        BatcherListener listener = blueprint.listener();
        submission.listeners(listener == null ? null : Listeners.with(null, listener));
        changes.pump();
    }

    // ---- submitting ----

    @Override
    public CompletableFuture<R> process(T item) {
        Objects.requireNonNull(item, "item");
        return submission.submit(item);
    }

    @Override
    public CompletableFuture<R> process(T item, Duration timeout) {
        Objects.requireNonNull(item, "item");
        Objects.requireNonNull(timeout, "timeout");
        return submission.submit(item, Nanos.of(timeout));
    }

    @Override
    public CompletableFuture<List<R>> processAll(Collection<? extends T> items) {
        List<T> all = new ArrayList<>(items);
        all.forEach(item -> Objects.requireNonNull(item, "items contains null"));
        return Together.gather(ports, all.stream().map(this::process).toList());
    }

    // ---- operating ----

    @Override
    public String name() {
        return setup.name();
    }

    @Override
    public BatcherOptions options() {
        return changes.read(Dispatcher::options);
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
            replaced = changes.answerCaller(guarded -> replace(guarded, before, after));
        }
    }

    private boolean replace(Dispatcher<T, R> guarded, BatcherOptions before, BatcherOptions after) {
        boolean replaced = guarded.replace(before, after);
        if (replaced) {
            submission.follow(after);
        }
        return replaced;
    }

    private void requireWeigher(BatcherOptions options) {
        if ((sorting == null || !sorting.weighs()) && options.maxBatchWeight() != Limits.NONE) {
            throw Rejections.noWeigher(options);
        }
    }

    @Override
    public BatcherSnapshot snapshot() {
        return changes.read(Dispatcher::snapshot);
    }

    @Override
    public void addListener(BatcherListener listener) {
        Objects.requireNonNull(listener, "listener");
        changes.write(guarded -> submission.listeners(Listeners.with(submission.listeners(), listener)));
    }

    @Override
    public void removeListener(BatcherListener listener) {
        changes.write(guarded -> submission.listeners(Listeners.without(submission.listeners(), listener)));
    }

    @Override
    public void flush() {
        changes.changeForCaller(Dispatcher::flush);
    }

    @Override
    public void pause() {
        changes.changeForCaller(guarded -> guarded.pause(true));
    }

    @Override
    public void resume() {
        changes.changeForCaller(guarded -> guarded.pause(false));
    }

    @Override
    public void start() {
        changes.changeForCaller(guarded -> guarded.shutdown().start());
    }

    @Override
    public boolean isRunning() {
        return changes.read(guarded -> guarded.lifecycle().isRunning());
    }

    @Override
    public void prepareStop() {
        changes.change(guarded -> guarded.lifecycle().prepareStop());
    }

    @Override
    public boolean isInside() {
        return Frame.isInside(ports);
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
        return changes.answerCaller(guarded -> guarded.shutdown().stop(graceNanos))
                .copy();
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
