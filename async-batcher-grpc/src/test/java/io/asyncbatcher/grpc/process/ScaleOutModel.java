package io.asyncbatcher.grpc.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What many clients and workers need, by the processor time of an item: at saturation a machine works off as many items a second as its
 * cores have time for. The time was measured where batches and frames are as full as they are under load.
 */
final class ScaleOutModel {

    private static final int CLIENTS = 100;
    private static final int WORKERS = 10;
    private static final double PER_SECOND = 1e6;

    /** Streams of a client that spreads its items over workers by hash or round-robin. */
    private static final int STREAMS = 16;

    private final List<String> check = new ArrayList<>(List.of(
            "| clients | CPU µs an item | predicted items/s | measured items/s | measured ÷ predicted |",
            "|---|---|---|---|---|"));
    private Measured last = new Measured(0, 0, 0, 0, 0, 0, 0);

    void measured(int clients, Measured measured) {
        last = measured;
        double micros = measured.workerMicros() + measured.clientMicros();
        double predicted = 1e6 * Runtime.getRuntime().availableProcessors() / micros;
        check.add(String.format(
                Locale.ROOT,
                "| %d | %.1f | %.0f | %.0f | %.2f |",
                clients,
                micros,
                predicted,
                measured.perSecond(),
                measured.perSecond() / predicted));
    }

    /** For the numbers of clients that were measured. */
    List<String> check() {
        return List.copyOf(check);
    }

    /** By the time of an item with the most clients that were measured. */
    List<String> prediction() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "| %d clients, %d workers, %,.0f items/s | each client | each worker | together |",
                        CLIENTS,
                        WORKERS,
                        PER_SECOND),
                "|---|---|---|---|",
                row("items a second", PER_SECOND / CLIENTS, PER_SECOND / WORKERS, PER_SECOND),
                row(
                        "cores",
                        last.clientMicros() * PER_SECOND / CLIENTS / 1e6,
                        last.workerMicros() * PER_SECOND / WORKERS / 1e6,
                        (last.clientMicros() + last.workerMicros()) * PER_SECOND / 1e6),
                row("streams with `pick-first`", 1, (double) CLIENTS / WORKERS, CLIENTS),
                row(
                        "streams with `hash` or `round-robin`",
                        STREAMS,
                        (double) STREAMS * CLIENTS / WORKERS,
                        STREAMS * CLIENTS));
    }

    private static String row(String what, double client, double worker, double together) {
        return String.format(Locale.ROOT, "| %s | %,.2f | %,.1f | %,.0f |", what, client, worker, together);
    }
}
