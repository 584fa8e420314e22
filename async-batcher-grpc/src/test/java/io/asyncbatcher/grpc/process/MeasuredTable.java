package io.asyncbatcher.grpc.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A row for each way that was measured. */
final class MeasuredTable {

    private final List<String> lines = new ArrayList<>();

    MeasuredTable(String what) {
        lines.add("| " + what
                + " | items/s | batch size | p50 ms | p99 ms | CPU µs an item: worker | clients | failures |");
        lines.add("|---|---|---|---|---|---|---|---|");
    }

    void add(String way, Measured measured) {
        lines.add(String.format(
                Locale.ROOT,
                "| %s | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f |",
                way,
                measured.perSecond(),
                measured.batchSize(),
                measured.p50(),
                measured.p99(),
                measured.workerMicros(),
                measured.clientMicros(),
                measured.failures()));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    void print() {
        lines.forEach(System.out::println);
    }
}
