package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.PolicyComparison.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Writes the tables of the simulation into a page; not among the tests, because it takes minutes. */
class SimulationReport {

    @Test
    void ofThePoliciesIsWritten() throws IOException {
        new PolicyReport(EngineKind.REAL, 1, 10, 10_000).writeTo(page());
    }

    @Test
    void ofTheNumbersOfSlotsIsWritten() throws IOException {
        new SlotReport(EngineKind.REAL, 1, 3).writeTo(page(), 6_000);
    }

    @Test
    void ofOverloadIsWritten() throws IOException {
        PolicyReport.writeTo(page(), OverloadReport.BEGIN, OverloadReport.markdown(400, new long[] {1}));
    }

    private static Path page() {
        String file = System.getProperty("simulation.report");
        return Path.of(Objects.requireNonNull(file, "name the page: -Dsimulation.report=FILE"));
    }
}
