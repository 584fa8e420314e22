package io.asyncbatcher.schedules;

import java.util.List;
import java.util.stream.Stream;

/**
 * One race.
 *
 * @param name for the command line and {@code runs.csv}
 * @param race which steps may come in any order, in a sentence
 * @param stepNanos by how much time goes on with each step of a schedule
 * @param body makes the race and checks what must hold after it
 */
record Scenario(String name, String race, long stepNanos, Body body) {

    /** The shared timer rings now and then. */
    static final long USUAL_STEP = 10_000;

    /** A thread that makes fifty steps more than another is slow to the watch, which looks every millisecond. */
    static final long SLOW_STEP = 100_000;

    /** A call of the processor is quick, as in use. */
    static final long QUICK_STEP = 100;

    /** What runs once a schedule. */
    @FunctionalInterface
    interface Body {
        void run(Trial trial) throws Exception;
    }

    /** What one thread does. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    Scenario(String name, String race, Body body) {
        this(name, race, USUAL_STEP, body);
    }

    static List<Scenario> all() {
        return Stream.of(
                        StopRaces.ALL,
                        QueueRaces.ALL,
                        ItemRaces.ALL,
                        AbilityRaces.ALL,
                        StreamingRaces.ALL,
                        OwnThreadRaces.ALL)
                .flatMap(List::stream)
                .toList();
    }
}
