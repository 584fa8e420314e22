package io.asyncbatcher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The few random runs that take threads which wait. */
class RealThreadsTests {

    private static final int RUNS = Integer.getInteger("simulator.runs", 5_000) / 50;

    @Test
    void aThreadWaitsForAPlaceAsLongAsThereIsNone() {
        for (long seed = 0; seed < RUNS; seed++) {
            assertThat(new BlockedRun(seed).run()).as("seed %d", seed).isNull();
        }
    }

    @Test
    void continuationsOfABatchMayWaitForEachOther() throws InterruptedException {
        for (long seed = 0; seed < RUNS / 10; seed++) {
            assertThat(new MatesRun(seed).run()).as("seed %d", seed).isNull();
        }
    }
}
