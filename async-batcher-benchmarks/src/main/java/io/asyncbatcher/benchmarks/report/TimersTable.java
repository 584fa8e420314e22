package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import io.asyncbatcher.benchmarks.scenarios.TimerLateness;

/** How late batches begin where many batchers linger at once. */
final class TimersTable {

    private TimersTable() {}

    static String table(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable(
                "",
                "batchers",
                "linger ms",
                "late: p50 µs",
                "p99 µs",
                "p99.9 µs",
                "longest µs",
                "timer late: p99.9 µs",
                "longest µs",
                "more than the timer, p99.9 µs",
                "processor time an item, µs");
        for (String subject : Scenario.TIMERS.subjects()) {
            for (int batchers : TimerLateness.BATCHERS) {
                Spread late = spread(statistics, subject, batchers, "lateP999Micros");
                if (late.measured()) {
                    double timerLate = spread(statistics, subject, batchers, "timerLateP999Micros")
                            .median();
                    table.row(
                            ScenarioTables.label(Peer.of(subject)),
                            MarkdownTable.number(batchers),
                            MarkdownTable.number(TimerLateness.lingerNanos(batchers) / 1e6),
                            MarkdownTable.number(spread(statistics, subject, batchers, "lateP50Micros")
                                    .median()),
                            MarkdownTable.number(spread(statistics, subject, batchers, "lateP99Micros")
                                    .median()),
                            MarkdownTable.spread(late, 1),
                            MarkdownTable.number(spread(statistics, subject, batchers, "lateMaxMicros")
                                    .most()),
                            MarkdownTable.number(timerLate),
                            MarkdownTable.number(spread(statistics, subject, batchers, "timerLateMaxMicros")
                                    .most()),
                            MarkdownTable.number(late.median() - timerLate),
                            MarkdownTable.spread(spread(statistics, subject, batchers, "cpuMicrosPerItem"), 1));
                }
            }
        }
        return table.toString();
    }

    private static Spread spread(Statistics statistics, String subject, int batchers, String name) {
        return statistics.spread(Scenario.TIMERS, subject, TimerLateness.metric(batchers, name));
    }
}
