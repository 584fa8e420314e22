package io.asyncbatcher.internal.dispatch;

/** Whether a batcher accepts and dispatches items. Guarded by the engine's lock. */
public final class Lifecycle {

    private enum Phase {
        RUNNING,
        STOPPING,
        STOPPED
    }

    private Phase phase = Phase.RUNNING;
    private boolean paused;

    /** A stop is announced: the executor may reject already. */
    private boolean prepared;

    /** Nothing is dispatched any more: who took a ticket at the last moment is on the way to be rejected. */
    private boolean forced;

    public boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    boolean isStopping() {
        return phase == Phase.STOPPING;
    }

    boolean isStopped() {
        return phase == Phase.STOPPED;
    }

    /** Whether a stop is announced, under way or over. */
    public boolean isEnding() {
        return prepared || phase != Phase.RUNNING;
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

    public void prepareStop() {
        prepared = true;
    }

    /** Begins a stop: false if one has begun. */
    boolean beginStop() {
        if (phase != Phase.RUNNING) {
            return false;
        }
        phase = Phase.STOPPING;
        paused = false;
        return true;
    }

    void force() {
        forced = true;
    }

    void endStop() {
        phase = Phase.STOPPED;
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
}
