package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.PolicyComparison.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Writes the tables of the simulation into a page; not among the tests, because it takes minutes. */
class SimulationReport {

    @Test
    void isWritten() throws IOException {
        String file = System.getProperty("simulation.report");
        Path page = Path.of(Objects.requireNonNull(file, "name the page: -Dsimulation.report=FILE"));
        new PolicyReport(EngineKind.REAL, 1, 10, 10_000).writeTo(page);
        new SlotReport(EngineKind.REAL, 1, 3).writeTo(page, 6_000);
    }
}
