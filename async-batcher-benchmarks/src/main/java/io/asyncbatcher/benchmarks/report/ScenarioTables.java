package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tables of the scenarios in which peers are compared. Medians over the rounds, with their spread. */
final class ScenarioTables {

    private ScenarioTables() {}

    /** How much time passes from one item to the next. */
    static String floor(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table =
                new MarkdownTable("ns from one item to the next", "1 producer", "2 producers", "8 producers");
        for (Peer peer : List.of(Peer.DIRECT, Peer.JCTOOLS, Peer.NO_WAIT, Peer.FIXED, Peer.NATURAL, Peer.ADAPTIVE)) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            for (Comparison comparison : Comparison.PIPELINES) {
                row.add(MarkdownTable.number(1e9 / comparison.value(statistics, peer)));
            }
            add(table, row);
        }
        return table.toString();
    }

    static String pipeline(Results results) {
        Statistics statistics = new Statistics(results);
        List<Scenario> scenarios = List.of(Scenario.PIPELINE_1, Scenario.PIPELINE_2, Scenario.PIPELINE_8);
        MarkdownTable table = new MarkdownTable(
                "million items/s", "1 producer", "2 producers", "8 producers", "bytes/item", "fixed ÷ it: 1", "2", "8");
        for (Peer peer : Peer.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            for (Scenario scenario : scenarios) {
                row.add(MarkdownTable.spread(statistics.spread(scenario, peer.label(), "itemsPerSecond"), 1e6));
            }
            row.add(MarkdownTable.number(statistics.median(Scenario.PIPELINE_2, peer.label(), "bytesPerItem")));
            for (Scenario scenario : scenarios) {
                row.add(MarkdownTable.spread(
                        statistics.ratio(scenario, Peer.FIXED.label(), peer.label(), "itemsPerSecond"), 1));
            }
            add(table, row);
        }
        return table.toString();
    }

    static String callers(Results results) {
        Statistics statistics = new Statistics(results);
        List<Comparison> measured = Stream.of(Comparison.WAITING, Comparison.VIRTUAL)
                .filter(each -> statistics.has(each.scenario()))
                .toList();
        List<String> columns = new ArrayList<>(List.of("thousand items/s"));
        measured.forEach(each -> columns.addAll(List.of(each.label(), "stuck", "overdue", "natural ÷ it")));
        MarkdownTable table = new MarkdownTable(columns);
        for (Peer peer : Peer.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            for (Comparison each : measured) {
                Scenario scenario = each.scenario();
                Spread items = statistics.spread(scenario, peer.label(), "itemsPerSecond");
                row.add(MarkdownTable.spread(items, 1e3));
                row.add(items.measured() ? sum(statistics, scenario, peer, "stuck") : "–");
                row.add(items.measured() ? sum(statistics, scenario, peer, "overdue") : "–");
                row.add(MarkdownTable.spread(each.gain(statistics, Peer.NATURAL, peer), 1));
            }
            add(table, row);
        }
        return table.toString();
    }

    static String lone(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable(
                "µs", "linger 1 ms: p50", "p99", "p99.9", "stuck", "overdue", "no linger: p50", "p99", "p99.9");
        for (Peer peer : Peer.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            latencies(row, statistics, Scenario.LONE_LINGER, peer);
            boolean measured = statistics
                    .spread(Scenario.LONE_LINGER, peer.label(), "stuck")
                    .measured();
            row.add(measured ? sum(statistics, Scenario.LONE_LINGER, peer, "stuck") : "–");
            row.add(measured ? sum(statistics, Scenario.LONE_LINGER, peer, "overdue") : "–");
            latencies(row, statistics, Scenario.LONE, peer);
            add(table, row);
        }
        return table.toString();
    }

    static String service(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable(
                "", "thousand items/s", "p50 µs", "p99 µs", "p99.9 µs", "items a batch", "most at once", "stuck");
        for (Peer peer : Peer.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            row.add(MarkdownTable.spread(statistics.spread(Scenario.SERVICE, peer.label(), "itemsPerSecond"), 1e3));
            latencies(row, statistics, Scenario.SERVICE, peer);
            row.add(MarkdownTable.number(statistics.median(Scenario.SERVICE, peer.label(), "meanBatch")));
            Spread running = statistics.spread(Scenario.SERVICE, peer.label(), "mostRunning");
            row.add(running.measured() ? MarkdownTable.number(running.most()) : "–");
            row.add(running.measured() ? sum(statistics, Scenario.SERVICE, peer, "stuck") : "–");
            add(table, row);
        }
        return table.toString();
    }

    static String audit(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable(
                "",
                "items",
                "wait p50 µs",
                "p99.9 µs",
                "longest µs",
                "overdue",
                "left behind",
                "largest batch",
                "timer late: p99.9 µs",
                "longest µs");
        for (Peer peer : Peer.values()) {
            Spread largest = statistics.spread(Scenario.AUDIT, peer.label(), "largest");
            if (largest.measured()) {
                table.row(
                        label(peer),
                        sum(statistics, Scenario.AUDIT, peer, "items"),
                        MarkdownTable.number(statistics.median(Scenario.AUDIT, peer.label(), "waitP50Micros")),
                        MarkdownTable.number(statistics.median(Scenario.AUDIT, peer.label(), "waitP999Micros")),
                        most(statistics, peer, "waitMaxMicros"),
                        sum(statistics, Scenario.AUDIT, peer, "overdue"),
                        sum(statistics, Scenario.AUDIT, peer, "stranded"),
                        MarkdownTable.number(largest.most()),
                        MarkdownTable.number(statistics.median(Scenario.AUDIT, peer.label(), "timerLateP999Micros")),
                        most(statistics, peer, "timerLateMaxMicros"));
            }
        }
        return table.toString();
    }

    static String meters(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable("", "million items/s", "ns an item", "more than bare", "bytes/item");
        double bareNanos = 1e9 / statistics.median(Scenario.METERS, "bare", "itemsPerSecond");
        for (String meters : Scenario.METERS.subjects()) {
            Spread items = statistics.spread(Scenario.METERS, meters, "itemsPerSecond");
            if (items.measured()) {
                table.row(
                        meters,
                        MarkdownTable.spread(items, 1e6),
                        MarkdownTable.number(1e9 / items.median()),
                        MarkdownTable.number(1e9 / items.median() - bareNanos),
                        MarkdownTable.number(statistics.median(Scenario.METERS, meters, "bytesPerItem")));
            }
        }
        return table.toString();
    }

    static String memory(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable("", "measured");
        for (Scenario scenario : List.of(Scenario.IDLE, Scenario.QUEUED)) {
            List<Sample> samples = statistics.samples(scenario, Peer.FIXED.label());
            if (!samples.isEmpty()) {
                for (String metric : samples.get(0).metrics().keySet()) {
                    table.row(
                            scenario.label() + ": " + metric,
                            MarkdownTable.spread(statistics.spread(scenario, Peer.FIXED.label(), metric), 1));
                }
            }
        }
        return table.toString();
    }

    /** What went wrong in any trial, ours and theirs. */
    static String faults(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable("scenario", "who", "what");
        for (Scenario scenario : Scenario.values()) {
            for (String peer : scenario.subjects()) {
                List<Sample> samples = statistics.samples(scenario, peer);
                for (String metric : List.of("oversized", "stuck", "stranded", "wrong", "failed", "notFailed")) {
                    double sum = statistics.sum(scenario, peer, metric);
                    if (sum > 0) {
                        double largest =
                                statistics.spread(scenario, peer, "largest").most();
                        String more = metric.equals("oversized") ? ", largest " + MarkdownTable.number(largest) : "";
                        table.row(scenario.label(), peer, metric + " " + MarkdownTable.number(sum) + more);
                    }
                }
                samples.stream()
                        .filter(sample -> !sample.fault().isEmpty())
                        .forEach(sample -> table.row(
                                scenario.label(), peer, "round " + sample.round() + ": " + cell(sample.fault())));
            }
        }
        return table.toString();
    }

    static String profile(Results results) {
        Statistics statistics = new Statistics(results);
        MarkdownTable table = new MarkdownTable("", "percent of the samples, by the method on top");
        for (String peer : Scenario.PROFILE.subjects()) {
            for (Sample sample : statistics.samples(Scenario.PROFILE, peer)) {
                List<String> shares = sample.metrics().entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("percent "))
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .map(entry -> "`" + cell(entry.getKey().substring("percent ".length())) + "` "
                                + MarkdownTable.number(entry.getValue()))
                        .toList();
                table.row(peer, String.join(", ", shares));
            }
        }
        return table.toString();
    }

    private static void latencies(List<String> row, Statistics statistics, Scenario scenario, Peer peer) {
        row.add(MarkdownTable.spread(statistics.spread(scenario, peer.label(), "p50Micros"), 1));
        row.add(MarkdownTable.spread(statistics.spread(scenario, peer.label(), "p99Micros"), 1));
        row.add(MarkdownTable.number(statistics.median(scenario, peer.label(), "p999Micros")));
    }

    private static String sum(Statistics statistics, Scenario scenario, Peer peer, String metric) {
        return MarkdownTable.number(statistics.sum(scenario, peer.label(), metric));
    }

    private static String most(Statistics statistics, Peer peer, String metric) {
        return MarkdownTable.number(
                statistics.spread(Scenario.AUDIT, peer.label(), metric).most());
    }

    static String label(Peer peer) {
        return switch (peer.kind()) {
            case OURS -> "**" + peer.label() + "**";
            case FLOOR -> "*" + peer.label() + "*";
            case BY_HAND, LIBRARY -> peer.label();
        };
    }

    private static String cell(String text) {
        return text.replace('|', '/').replace('\n', ' ');
    }

    /** Leaves out who wasn't measured. */
    private static void add(MarkdownTable table, List<String> row) {
        if (row.stream().skip(1).anyMatch(cell -> !cell.equals("–"))) {
            table.row(row);
        }
    }
}
