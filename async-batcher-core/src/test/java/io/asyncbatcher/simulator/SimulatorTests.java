package io.asyncbatcher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random runs of a batcher among faults. {@code -Dsimulator.seed=123} repeats one run, {@code -Dsimulator.runs} says how
 * many there are, and {@code -Dsimulator.first} with which seed they begin.
 */
class SimulatorTests {

    private static final int RUNS = Integer.getInteger("simulator.runs", 5_000);
    private static final long FIRST = Long.getLong("simulator.first", 0);

    @BeforeAll
    static void quiet() {
        Simulator.quiet(true);
    }

    @AfterAll
    static void loud() {
        Simulator.quiet(false);
    }

    @Test
    void whateverHappensEveryPromiseIsKept() {
        Long seed = Long.getLong("simulator.seed");
        long first = seed != null ? seed : FIRST;
        long runs = seed != null ? 1 : RUNS;
        assertThat(Simulator.firstFailure(first, runs)).isNull();
    }
}
