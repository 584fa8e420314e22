package io.asyncbatcher;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random calls of an engine and of the {@link Model} of its contract. {@code -Dbatcher.random.runs} says how many runs there
 * are.
 */
class EngineModelTests {

    private static final int RUNS = Integer.getInteger("batcher.random.runs", 2_000);

    /** A failure names its seed; {@code new RandomRun(seed).run()} repeats it. */
    @Tag("volume")
    @Test
    void theEngineDoesWhatTheModelDoes() {
        for (long seed = 0; seed < RUNS; seed++) {
            try {
                new RandomRun(seed).run();
            } catch (AssertionError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }
}
