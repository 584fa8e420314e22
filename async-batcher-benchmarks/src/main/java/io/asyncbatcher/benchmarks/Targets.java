package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.Figures.Spread;
import io.asyncbatcher.benchmarks.peers.Peers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What was promised before it was measured, and what came of it. */
final class Targets {

    /** The Python original, told by its own README. */
    private static final double ORIGINAL = 80_000;

    private static final List<Peers> MODES = List.of(Peers.FIXED, Peers.NATURAL, Peers.ADAPTIVE);

    private final Figures figures;
    private final Markdown table = new Markdown("target", "wanted", "measured", "");

    private Targets(Figures figures) {
        this.figures = figures;
    }

    static String table(Results results) {
        Targets targets = new Targets(new Figures(results));
        targets.pipeline();
        targets.callers();
        targets.lone();
        targets.service();
        targets.faults();
        targets.costs();
        return targets.table.toString();
    }

    private void pipeline() {
        List<Scenario> scenarios = List.of(Scenario.PIPELINE_1, Scenario.PIPELINE_2, Scenario.PIPELINE_8);
        double[] byHand = {1.5, 1.6, 1.3};
        for (int i = 0; i < byHand.length; i++) {
            Scenario scenario = scenarios.get(i);
            String producers = " with " + scenario.producers() + (i == 0 ? " producer" : " producers");
            times("pipeline" + producers, scenario, Peers.FIXED, Peers.HAND_WRITTEN, byHand[i]);
            fastest(scenario, any -> true)
                    .ifPresent(library -> times("pipeline" + producers, scenario, Peers.FIXED, library, 1.2));
            atMost("pipeline" + producers + ", bytes an item", spread(scenario, Peers.FIXED, "bytesPerItem"), 72);
        }
        Spread items = spread(Scenario.PIPELINE_2, Peers.FIXED, "itemsPerSecond");
        atLeast("the Python original's 80,000 items/s, 2 producers", over(items, ORIGINAL), 100);
    }

    private void callers() {
        for (Peers mode : List.of(Peers.NATURAL, Peers.ADAPTIVE)) {
            times("64 blocking threads", Scenario.BLOCKING, mode, Peers.HAND_WRITTEN, 5);
            times("64 blocking threads", Scenario.BLOCKING, mode, Peers.NO_WAIT, 0.9);
            times("1,000 virtual threads", Scenario.VIRTUAL, mode, Peers.NO_WAIT, 0.9);
            fastest(Scenario.VIRTUAL, library -> figures.sum(Scenario.VIRTUAL, library.label(), "stuck") == 0)
                    .ifPresent(library -> times("1,000 virtual threads", Scenario.VIRTUAL, mode, library, 0.9));
        }
    }

    private void lone() {
        for (Peers mode : List.of(Peers.NATURAL, Peers.ADAPTIVE)) {
            Spread ratio = figures.ratio(
                    Scenario.LONE_LINGER, mode.label(), Scenario.LONE_LINGER, Peers.HAND_OVER.label(), "p50Micros");
            atMost("lone caller, p50: " + mode.label() + " ÷ hand-over", ratio, 1.5);
        }
        atMost(
                "lone caller, p50: executor(Runnable::run), µs",
                spread(Scenario.LONE, Peers.SAME_THREAD, "p50Micros"),
                1);
        atMost("lone caller, p50: fixed 1 ms, µs", spread(Scenario.LONE_LINGER, Peers.FIXED, "p50Micros"), 1_150);
    }

    private void service() {
        Optional<Peers> quickest = libraries(Scenario.SERVICE, any -> true)
                .min(Comparator.comparing(library -> figures.median(Scenario.SERVICE, library.label(), "p99Micros")));
        for (Peers mode : MODES) {
            fastest(Scenario.SERVICE, any -> true)
                    .ifPresent(library -> times("service, items/s", Scenario.SERVICE, mode, library, 0.95));
            quickest.ifPresent(library -> atMost(
                    "service, p99: " + mode.label() + " ÷ " + library.label(),
                    figures.ratio(Scenario.SERVICE, mode.label(), library.label(), "p99Micros"),
                    1.05));
        }
    }

    private void faults() {
        for (Peers mode : MODES) {
            List<Scenario> measured = Arrays.stream(Scenario.values())
                    .filter(scenario -> spread(scenario, mode, "oversized").measured())
                    .toList();
            if (!measured.isEmpty()) {
                double oversized = measured.stream()
                        .mapToDouble(scenario -> figures.sum(scenario, mode.label(), "oversized"))
                        .sum();
                atMost("batches above their size, all runs: " + mode.label(), single(oversized), 0);
            }
            Spread waits = spread(Scenario.AUDIT, mode, "waitP999Micros");
            double late = spread(Scenario.AUDIT, mode, "timerLateP999Micros").median();
            if (waits.measured()) {
                atMost(
                        "wait of 999 of 1,000 items, linger 1 ms and the timer's slack, µs: " + mode.label(),
                        waits,
                        Math.rint(1_000 + Math.max(QueueTimeProbe.SLACK_NANOS / 1e3, late)));
                atMost(
                        "items left behind: " + mode.label(),
                        single(figures.sum(Scenario.AUDIT, mode.label(), "stranded")),
                        0);
            }
        }
    }

    private void costs() {
        atLeast(
                "with every meter, million items/s",
                over(figures.spread(Scenario.METERS, "all", "itemsPerSecond"), 1e6),
                5);
        atMost("threads of 10,000 idle batchers", spread(Scenario.IDLE, Peers.FIXED, "usedThreads"), 0);
        atMost("bytes of an idle batcher, new", spread(Scenario.IDLE, Peers.FIXED, "newBytes"), 1_000);
        atMost("bytes of an idle batcher, used", spread(Scenario.IDLE, Peers.FIXED, "usedBytes"), 1_000);
        atMost("bytes of a queued item", spread(Scenario.QUEUED, Peers.FIXED, "itemBytes"), 100);
        atMost("forced stop of a million items, ms", spread(Scenario.QUEUED, Peers.FIXED, "forcedStopMillis"), 1_000);
    }

    private void times(String what, Scenario scenario, Peers ours, Peers theirs, double wanted) {
        Spread ratio = figures.ratio(scenario, ours.label(), theirs.label(), "itemsPerSecond");
        atLeast(what + ": " + ours.label() + " ÷ " + theirs.label(), ratio, wanted);
    }

    private Optional<Peers> fastest(Scenario scenario, Predicate<Peers> among) {
        return libraries(scenario, among)
                .max(Comparator.comparing(library -> figures.median(scenario, library.label(), "itemsPerSecond")));
    }

    private Stream<Peers> libraries(Scenario scenario, Predicate<Peers> among) {
        List<Peers> measured = new ArrayList<>();
        for (Peers peer : Peers.values()) {
            boolean library = peer.kind() == Peers.Kind.LIBRARY;
            if (library && spread(scenario, peer, "itemsPerSecond").measured() && among.test(peer)) {
                measured.add(peer);
            }
        }
        return measured.stream();
    }

    private Spread spread(Scenario scenario, Peers peer, String metric) {
        return figures.spread(scenario, peer.label(), metric);
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
                    relation + Markdown.number(wanted),
                    Markdown.spread(measured, 1),
                    reached ? "reached" : "**not reached**");
        }
    }
}
