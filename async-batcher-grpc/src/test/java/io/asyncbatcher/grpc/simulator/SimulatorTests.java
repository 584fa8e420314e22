package io.asyncbatcher.grpc.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random runs of clients and workers among faults. {@code -Dsimulator.seed=123} repeats one run, {@code -Dsimulator.runs} says
 * how many there are, and {@code -Dsimulator.first} with which seed they begin.
 */
class SimulatorTests {

    private static final int RUNS = Integer.getInteger("simulator.runs", 500);
    private static final long FIRST = Long.getLong("simulator.first", 0);

    private final Simulator simulator = new Simulator();

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void whateverHappensEveryPromiseIsKept() {
        Long seed = Long.getLong("simulator.seed");
        assertThat(simulator.firstFailure(seed != null ? seed : FIRST, seed != null ? 1 : RUNS))
                .isNull();
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        for (long seed = FIRST; seed < FIRST + 20; seed++) {
            assertThat(simulator.trace(seed)).as("seed %s", seed).isEqualTo(simulator.trace(seed));
        }
    }
}
