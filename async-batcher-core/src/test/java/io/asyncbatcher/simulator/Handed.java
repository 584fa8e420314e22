package io.asyncbatcher.simulator;

/** One task that the executor was given. */
final class Handed {

    final int number;
    final int tick;
    final int event;
    final long time;
    /** The first of the versions of the options that may have been in force when its batch was bound. */
    final int version;

    boolean discarded;
    /** Others began to run while it did. */
    boolean outer;

    int runs;
    /** When it began to run. */
    int runTick;

    long runTime;

    Call first;

    Handed(int number, int tick, int event, long time, int version) {
        this.number = number;
        this.tick = tick;
        this.event = event;
        this.time = time;
        this.version = version;
    }
}
