package io.asyncbatcher;

import io.asyncbatcher.PolicyComparison.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Writes the tables of the simulation into a page; not among the tests, because it takes minutes. */
class SimulationReport {

    @Test
    void isWritten() throws IOException {
        Path page = Path.of(System.getProperty("simulation.report"));
        new PolicyReport(EngineKind.REAL, 1, 10, 10_000).writeTo(page);
    }
}
