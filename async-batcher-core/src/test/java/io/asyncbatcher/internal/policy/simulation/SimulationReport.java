package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.PolicyComparison.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Writes the tables of the simulation into its pages; not among the tests, because it takes minutes. */
class SimulationReport {

    private static final Path PAGES = Path.of("..", "docs", "benchmarks");

    @Test
    void ofThePoliciesIsWritten() throws IOException {
        new PolicyReport(EngineKind.REAL, 1, 10, 10_000).writeTo(page("dispatch-modes.md"));
    }

    @Test
    void ofTheNumbersOfSlotsIsWritten() throws IOException {
        new SlotReport(EngineKind.REAL, 1, 3).writeTo(page("slots.md"), 6_000);
    }

    @Test
    void ofOverloadIsWritten() throws IOException {
        PolicyReport.writeTo(page("overload.md"), OverloadReport.BEGIN, OverloadReport.markdown(400, new long[] {1}));
    }

    static Path page(String name) {
        return PAGES.resolve(name);
    }
}
