package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.Arrays;
import java.util.List;

/** What was promised before it was measured, and what came of it. */
final class TargetTable {

    /** The Python original, told by its own README. */
    private static final double ORIGINAL = 80_000;

    private final Statistics statistics;
    private final MarkdownTable table = new MarkdownTable("target", "wanted", "measured", "");

    private TargetTable(Statistics statistics) {
        this.statistics = statistics;
    }

    static String table(Results results) {
        TargetTable targets = new TargetTable(new Statistics(results));
        targets.pipeline();
        targets.callers();
        targets.lone();
        targets.service();
        targets.closedLoop();
        targets.faults();
        targets.costs();
        return targets.table.toString();
    }

    private void pipeline() {
        double[] byHand = {1.5, 1.6, 1.3};
        for (int i = 0; i < byHand.length; i++) {
            Comparison pipeline = Comparison.PIPELINES.get(i);
            Scenario scenario = pipeline.scenario();
            String what = "pipeline with " + scenario.producers() + (i == 0 ? " producer" : " producers");
            times(what, scenario, Peer.FIXED, Peer.HAND_WRITTEN, byHand[i]);
            pipeline.bestLibrary(statistics).ifPresent(library -> times(what, scenario, Peer.FIXED, library, 1.2));
            atMost(what + ", bytes an item", spread(scenario, Peer.FIXED, "bytesPerItem"), 72);
        }
        Spread items = spread(Scenario.PIPELINE_2, Peer.FIXED, "itemsPerSecond");
        atLeast("the Python original's 80,000 items/s, 2 producers", over(items, ORIGINAL), 100);
    }

    private void callers() {
        for (Peer mode : List.of(Peer.NATURAL, Peer.ADAPTIVE)) {
            times("64 blocking threads", Scenario.BLOCKING, mode, Peer.HAND_WRITTEN, 5);
            times("64 blocking threads", Scenario.BLOCKING, mode, Peer.NO_WAIT, 0.9);
            times("1,000 virtual threads", Scenario.VIRTUAL, mode, Peer.NO_WAIT, 0.9);
            Comparison.VIRTUAL
                    .best(
                            statistics,
                            peer -> peer.kind() == Peer.Kind.LIBRARY
                                    && statistics.sum(Scenario.VIRTUAL, peer.label(), "stuck") == 0)
                    .ifPresent(library -> times("1,000 virtual threads", Scenario.VIRTUAL, mode, library, 0.9));
        }
    }

    private void lone() {
        for (Peer mode : List.of(Peer.NATURAL, Peer.ADAPTIVE)) {
            Spread ratio = statistics.ratio(
                    Scenario.LONE_LINGER, mode.label(), Scenario.LONE_LINGER, Peer.HAND_OVER.label(), "p50Micros");
            atMost("lone caller, p50: " + mode.label() + " ÷ hand-over", ratio, 1.5);
        }
        atMost(
                "lone caller, p50: executor(Runnable::run), µs",
                spread(Scenario.LONE, Peer.SAME_THREAD, "p50Micros"),
                1);
        atMost("lone caller, p50: fixed 1 ms, µs", spread(Scenario.LONE_LINGER, Peer.FIXED, "p50Micros"), 1_150);
    }

    private void service() {
        for (Peer mode : Comparison.MODES) {
            Comparison.SERVICE
                    .bestLibrary(statistics)
                    .ifPresent(library -> times("service, items/s", Scenario.SERVICE, mode, library, 0.95));
            Comparison.SERVICE_P99
                    .bestLibrary(statistics)
                    .ifPresent(library -> atMost(
                            "service, p99: " + mode.label() + " ÷ " + library.label(),
                            statistics.ratio(Scenario.SERVICE, mode.label(), library.label(), "p99Micros"),
                            1.05));
        }
    }

    private void closedLoop() {
        atMost(
                "12 callers in a loop, mean latency: adaptive ÷ natural",
                statistics.ratio(Scenario.CLOSED_LOOP, Peer.ADAPTIVE.label(), Peer.NATURAL.label(), "meanMicros"),
                0.65);
    }

    private void faults() {
        for (Peer mode : Comparison.MODES) {
            List<Scenario> measured = Arrays.stream(Scenario.values())
                    .filter(scenario -> spread(scenario, mode, "oversized").measured())
                    .toList();
            if (!measured.isEmpty()) {
                double oversized = measured.stream()
                        .mapToDouble(scenario -> statistics.sum(scenario, mode.label(), "oversized"))
                        .sum();
                atMost("batches above their size, all runs: " + mode.label(), single(oversized), 0);
            }
            Spread waits = spread(Scenario.AUDIT, mode, "waitP999Micros");
            double late = spread(Scenario.AUDIT, mode, "timerLateP999Micros").median();
            if (waits.measured()) {
                atMost(
                        "wait of 999 of 1,000 items, linger 1 ms and the timer's slack, µs: " + mode.label(),
                        waits,
                        Math.rint(1_000 + Math.max(Scenario.TIMER_SLACK_NANOS / 1e3, late)));
                atMost(
                        "items left behind: " + mode.label(),
                        single(statistics.sum(Scenario.AUDIT, mode.label(), "stranded")),
                        0);
            }
        }
    }

    private void costs() {
        atLeast(
                "with every meter, million items/s",
                over(statistics.spread(Scenario.METERS, "all", "itemsPerSecond"), 1e6),
                5);
        atMost("threads of 10,000 idle batchers", spread(Scenario.IDLE, Peer.FIXED, "usedThreads"), 0);
        atMost("bytes of an idle batcher, new", spread(Scenario.IDLE, Peer.FIXED, "newBytes"), 1_000);
        atMost("bytes of an idle batcher, used", spread(Scenario.IDLE, Peer.FIXED, "usedBytes"), 1_000);
        atMost("bytes of a queued item", spread(Scenario.QUEUED, Peer.FIXED, "itemBytes"), 100);
        atMost("forced stop of a million items, ms", spread(Scenario.QUEUED, Peer.FIXED, "forcedStopMillis"), 1_000);
    }

    private void times(String what, Scenario scenario, Peer ours, Peer theirs, double wanted) {
        Spread ratio = statistics.ratio(scenario, ours.label(), theirs.label(), "itemsPerSecond");
        atLeast(what + ": " + ours.label() + " ÷ " + theirs.label(), ratio, wanted);
    }

    private Spread spread(Scenario scenario, Peer peer, String metric) {
        return statistics.spread(scenario, peer.label(), metric);
    }

    private static Spread over(Spread spread, double unit) {
        return new Spread(spread.median() / unit, spread.least() / unit, spread.most() / unit, spread.rounds());
    }

    private static Spread single(double value) {
        return new Spread(value, value, value, 1);
    }

    private void atLeast(String what, Spread measured, double wanted) {
        row(what, "≥ ", measured, wanted, measured.median() >= wanted);
    }

    private void atMost(String what, Spread measured, double wanted) {
        row(what, "≤ ", measured, wanted, measured.median() <= wanted);
    }

    private void row(String what, String relation, Spread measured, double wanted, boolean reached) {
        if (measured.measured()) {
            table.row(
                    what,
                    relation + MarkdownTable.number(wanted),
                    MarkdownTable.spread(measured, 1),
                    reached ? "reached" : "**not reached**");
        }
    }
}
