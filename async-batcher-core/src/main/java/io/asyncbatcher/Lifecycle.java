package io.asyncbatcher;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Whether the batcher accepts and dispatches items, and what a stop still waits for. Used under the engine's lock.
 */
final class Lifecycle<T, R extends @Nullable Object> {

    private enum Phase {
        RUNNING,
        STOPPING,
        STOPPED
    }

    private static final CompletableFuture<@Nullable Void> NOT_STOPPED = new CompletableFuture<>();

    private Phase phase = Phase.RUNNING;
    private boolean paused;

    /** A stop is announced: the executor may refuse already. */
    private boolean prepared;

    /** Nothing is dispatched any more: who took a ticket at the last moment is on the way to be refused. */
    private boolean forced;

    private CompletableFuture<@Nullable Void> end = NOT_STOPPED;
    private boolean endReached;

    /** What is to be settled without a batch once the lock is released. */
    private List<Settlement<T, R>> asides = List.of();

    /** What is on the way to be settled without a batch. By identity: an item may be in it. */
    private @Nullable Set<Ending> open;

    boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    boolean isStopping() {
        return phase == Phase.STOPPING;
    }

    boolean isStopped() {
        return phase == Phase.STOPPED;
    }

    /** Whether a stop is announced, under way or over. */
    boolean isEnding() {
        return prepared || phase != Phase.RUNNING;
    }

    void prepareStop() {
        prepared = true;
    }

    boolean isPaused() {
        return paused;
    }

    boolean mayDispatch() {
        return !paused && !forced && phase != Phase.STOPPED;
    }

    /** Whether an item that comes late for its batch can still be in another. */
    boolean mayAdmitLate() {
        return phase != Phase.STOPPED && !forced;
    }

    void pause(boolean paused) {
        this.paused = paused && phase == Phase.RUNNING;
    }

    /** Begins a stop: false if one has begun. */
    boolean beginStop() {
        if (phase != Phase.RUNNING) {
            return false;
        }
        phase = Phase.STOPPING;
        paused = false;
        end = new CompletableFuture<>();
        return true;
    }

    void force() {
        forced = true;
    }

    /** What completes at the end of the last stop. */
    CompletableFuture<@Nullable Void> end() {
        return end;
    }

    /** Ends a stop that has nothing else to wait for. True if that is so. */
    boolean endStop(boolean nothingElse) {
        if (phase != Phase.STOPPING || !open().isEmpty() || !nothingElse) {
            return false;
        }
        phase = Phase.STOPPED;
        endReached = true;
        return true;
    }

    void start(String batcher) {
        if (phase == Phase.STOPPING) {
            throw new IllegalStateException("Batcher '" + batcher
                    + "' is still stopping; wait for the future that stop() returned before start()");
        }
        phase = Phase.RUNNING;
        forced = false;
        prepared = false;
    }

    /** Somebody settles something outside the lock, and a stop has to wait for it. */
    void open(Ending ending) {
        if (open == null) {
            open = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        open.add(ending);
    }

    /** It is settled; more than once does no harm. */
    void close(Ending ending) {
        if (open != null) {
            open.remove(ending);
        }
    }

    /** What is on the way to be settled without a batch. */
    Set<Ending> open() {
        return open == null ? Set.of() : open;
    }

    /** Leaves items to be settled outside the lock. */
    void addAside(Settlement<T, R> aside) {
        if (asides.isEmpty()) {
            asides = new ArrayList<>(2);
        }
        aside.sort();
        open(aside);
        asides.add(aside);
    }

    /** Leaves the rest of such items to be settled once more, by other means. */
    void settleAgain(Settlement<T, R> aside) {
        if (asides.isEmpty()) {
            asides = new ArrayList<>(2);
        }
        asides.add(aside);
    }

    /** Items to be settled outside the lock, each once. */
    List<Settlement<T, R>> takeAsides() {
        List<Settlement<T, R>> taken = asides;
        asides = List.of();
        return taken;
    }

    /** The future to complete outside the lock if a stop has just come to its end. */
    @Nullable
    CompletableFuture<@Nullable Void> takeEnd() {
        CompletableFuture<@Nullable Void> taken = endReached ? end : null;
        endReached = false;
        return taken;
    }
}
