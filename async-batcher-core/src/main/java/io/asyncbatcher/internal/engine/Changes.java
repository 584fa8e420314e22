package io.asyncbatcher.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.dispatch.Dispatcher;
import io.asyncbatcher.internal.dispatch.Effects;
import io.asyncbatcher.internal.dispatch.EnginePorts;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.internal.settlement.Settlement;
import io.asyncbatcher.internal.thread.StackRoom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine's lock, and the only way to what it guards: the dispatcher with all its parts. A change is made under the lock,
 * the dispatcher does there what follows from it, and the {@link Effects} are carried out outside. What an error leaves is
 * carried out all the same, because others may depend on it.
 */
final class Changes<T, R extends @Nullable Object> {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Setup<T> setup;
    private final TicketQueue<T, R> queue;
    private final EnginePorts<T, R> engine;

    @GuardedBy("lock")
    private final Dispatcher<T, R> dispatcher;

    Changes(Setup<T> setup, TicketQueue<T, R> queue, Dispatcher<T, R> dispatcher, EnginePorts<T, R> engine) {
        this.setup = setup;
        this.queue = queue;
        this.dispatcher = dispatcher;
        this.engine = engine;
    }

    /** The lock itself, for conditions of it. */
    Lock lock() {
        return lock;
    }

    /** Makes a change and carries out what follows, but for the batches that may go now: those are returned. */
    private @Nullable Batch<T, R> changed(Consumer<Dispatcher<T, R>> change, boolean onTimer) {
        Batch<T, R> batches;
        List<Settlement<T, R>> asides;
        CompletableFuture<@Nullable Void> stopEnd;
        Throwable failure;
        lock.lock();
        try {
            Effects<T, R> effects = dispatcher.effects();
            try {
                change.accept(dispatcher);
                dispatcher.pump();
            } catch (Throwable thrown) {
                effects.fail(thrown);
            }
            batches = effects.takeBatches(); // nothing is allocated here, because memory may be short
            asides = effects.takeAsides();
            stopEnd = effects.takeStopEnd();
            failure = effects.takeFailure();
        } finally {
            lock.unlock();
        }
        if (!asides.isEmpty()) {
            asides.forEach(Changes::settleAside);
        }
        if (stopEnd != null) {
            tell(stopEnd, onTimer);
        }
        if (failure != null) {
            engine.start(batches);
            throwAgain(failure);
        }
        return batches;
    }

    private void tell(CompletableFuture<@Nullable Void> stopEnd, boolean onTimer) {
        if (onTimer) {
            setup.offload(() -> stopEnd.complete(null)); // user code that hangs on it must not keep the timer
        } else {
            stopEnd.complete(null);
        }
    }

    private void throwAgain(Throwable failure) {
        if (failure instanceof RuntimeException rejection) {
            throw rejection;
        }
        lookAgain(failure);
        throw (Error) failure;
    }

    private static <T, R extends @Nullable Object> void settleAside(Settlement<T, R> aside) {
        try {
            aside.aside();
        } catch (Throwable failure) {
            // for lack of memory: it is looked at until it is settled
        }
    }

    /** Somebody else has to do what an error has kept this thread from. */
    void lookAgain(Throwable failure) {
        queue.closed = true; // the next item comes to the engine; if there is none:
        try {
            StackRoom.probeForAlarm();
            setup.time().schedule(engine::ring, LOOK_AGAIN_NANOS);
        } catch (Throwable again) {
            // for the same reason, on a stack or in a heap with no room left
        }
    }

    /** Changes something; the batches that may go now are returned. */
    @Nullable
    Batch<T, R> changed(Consumer<Dispatcher<T, R>> change) {
        return changed(change, false);
    }

    /** Looks again on the timer's thread, where no user code may run; the batches that may go now are returned. */
    @Nullable
    Batch<T, R> pumpedOnTimer() {
        return changed(guarded -> {}, true);
    }

    /** Changes something, and hands over the batches that may go now. */
    void change(Consumer<Dispatcher<T, R>> change) {
        engine.start(changed(change));
    }

    /** Changes something for a caller, whose stack may be nearly full. */
    void changeForCaller(Consumer<Dispatcher<T, R>> change) {
        StackRoom.probe();
        change(change);
    }

    /** The same, and returns what the caller has to hear. */
    <V> V answerCaller(Function<Dispatcher<T, R>, V> change) {
        Answer<V> answer = new Answer<>();
        changeForCaller(guarded -> answer.value = change.apply(guarded));
        return Objects.requireNonNull(answer.value);
    }

    private static final class Answer<V> {
        private @Nullable V value;
    }

    /** Reads something under the lock. */
    <V extends @Nullable Object> V read(Function<Dispatcher<T, R>, V> question) {
        lock.lock();
        try {
            return question.apply(dispatcher);
        } finally {
            lock.unlock();
        }
    }

    /** Writes something under the lock that nothing else follows from. */
    void write(Consumer<Dispatcher<T, R>> note) {
        lock.lock();
        try {
            note.accept(dispatcher);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the dispatcher do what may be due. */
    void pump() {
        change(guarded -> {});
    }
}
