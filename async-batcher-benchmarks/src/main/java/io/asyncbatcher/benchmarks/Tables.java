package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.Figures.Spread;
import io.asyncbatcher.benchmarks.Results.Sample;
import io.asyncbatcher.benchmarks.peers.Peers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tables of {@code BENCHMARK.md}, by the name that its markers use. Medians over the rounds, with their spread. */
final class Tables {

    private static final Map<String, Function<Results, String>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("machine", Tables::machine);
        ALL.put("targets", Targets::table);
        ALL.put("pipeline", Tables::pipeline);
        ALL.put("callers", Tables::callers);
        ALL.put("lone", Tables::lone);
        ALL.put("service", Tables::service);
        ALL.put("audit", Tables::audit);
        ALL.put("meters", Tables::meters);
        ALL.put("memory", Tables::memory);
        ALL.put("faults", Tables::faults);
        ALL.put("profile", Tables::profile);
        ALL.put("start", StartTable::table);
    }

    private Tables() {}

    static String table(String name, Results results) {
        if (name.startsWith(Report.EXPERIMENT)) {
            return ExperimentTables.table(name, results);
        }
        Function<Results, String> table = ALL.get(name);
        if (table == null) {
            throw new IllegalArgumentException("no table '" + name + "'; there are " + String.join(", ", ALL.keySet()));
        }
        return table.apply(results);
    }

    /** Those that have rows. */
    static String all(Results results) {
        StringBuilder text = new StringBuilder();
        ALL.forEach((name, table) -> {
            String rows = table.apply(results);
            if (rows.lines().count() > 2) {
                text.append(name).append("\n\n").append(rows).append('\n');
            }
        });
        return text.toString();
    }

    static String machine(Results results) {
        Markdown table = new Markdown("", "");
        table.row("measured", results.started() + " with `" + results.arguments() + "`");
        results.machine().forEach((fact, value) -> table.row(fact, value));
        results.versions().forEach((artifact, version) -> table.row(artifact, version));
        return table.toString();
    }

    private static String pipeline(Results results) {
        Figures figures = new Figures(results);
        List<Scenario> scenarios = List.of(Scenario.PIPELINE_1, Scenario.PIPELINE_2, Scenario.PIPELINE_8);
        Markdown table = new Markdown(
                "million items/s", "1 producer", "2 producers", "8 producers", "bytes/item", "fixed ÷ it: 1", "2", "8");
        for (Peers peer : Peers.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            for (Scenario scenario : scenarios) {
                row.add(Markdown.spread(figures.spread(scenario, peer.label(), "itemsPerSecond"), 1e6));
            }
            row.add(Markdown.number(figures.median(Scenario.PIPELINE_2, peer.label(), "bytesPerItem")));
            for (Scenario scenario : scenarios) {
                row.add(Markdown.spread(
                        figures.ratio(scenario, Peers.FIXED.label(), peer.label(), "itemsPerSecond"), 1));
            }
            add(table, row);
        }
        return table.toString();
    }

    private static String callers(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown(
                "thousand items/s",
                "64 platform threads",
                "stuck",
                "overdue",
                "natural ÷ it",
                "1,000 virtual threads",
                "stuck",
                "overdue",
                "natural ÷ it");
        for (Peers peer : Peers.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            for (Scenario scenario : List.of(Scenario.BLOCKING, Scenario.VIRTUAL)) {
                Spread items = figures.spread(scenario, peer.label(), "itemsPerSecond");
                row.add(Markdown.spread(items, 1e3));
                row.add(items.measured() ? sum(figures, scenario, peer, "stuck") : "–");
                row.add(items.measured() ? sum(figures, scenario, peer, "overdue") : "–");
                row.add(Markdown.spread(
                        figures.ratio(scenario, Peers.NATURAL.label(), peer.label(), "itemsPerSecond"), 1));
            }
            add(table, row);
        }
        return table.toString();
    }

    private static String lone(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown(
                "µs", "linger 1 ms: p50", "p99", "p99.9", "stuck", "overdue", "no linger: p50", "p99", "p99.9");
        for (Peers peer : Peers.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            latencies(row, figures, Scenario.LONE_LINGER, peer);
            boolean measured =
                    figures.spread(Scenario.LONE_LINGER, peer.label(), "stuck").measured();
            row.add(measured ? sum(figures, Scenario.LONE_LINGER, peer, "stuck") : "–");
            row.add(measured ? sum(figures, Scenario.LONE_LINGER, peer, "overdue") : "–");
            latencies(row, figures, Scenario.LONE, peer);
            add(table, row);
        }
        return table.toString();
    }

    private static String service(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown(
                "", "thousand items/s", "p50 µs", "p99 µs", "p99.9 µs", "items a batch", "most at once", "stuck");
        for (Peers peer : Peers.values()) {
            List<String> row = new ArrayList<>(List.of(label(peer)));
            row.add(Markdown.spread(figures.spread(Scenario.SERVICE, peer.label(), "itemsPerSecond"), 1e3));
            latencies(row, figures, Scenario.SERVICE, peer);
            row.add(Markdown.number(figures.median(Scenario.SERVICE, peer.label(), "meanBatch")));
            Spread running = figures.spread(Scenario.SERVICE, peer.label(), "mostRunning");
            row.add(running.measured() ? Markdown.number(running.most()) : "–");
            row.add(running.measured() ? sum(figures, Scenario.SERVICE, peer, "stuck") : "–");
            add(table, row);
        }
        return table.toString();
    }

    private static String audit(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown(
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
        for (Peers peer : Peers.values()) {
            Spread largest = figures.spread(Scenario.AUDIT, peer.label(), "largest");
            if (largest.measured()) {
                table.row(
                        label(peer),
                        sum(figures, Scenario.AUDIT, peer, "items"),
                        Markdown.number(figures.median(Scenario.AUDIT, peer.label(), "waitP50Micros")),
                        Markdown.number(figures.median(Scenario.AUDIT, peer.label(), "waitP999Micros")),
                        most(figures, peer, "waitMaxMicros"),
                        sum(figures, Scenario.AUDIT, peer, "overdue"),
                        sum(figures, Scenario.AUDIT, peer, "stranded"),
                        Markdown.number(largest.most()),
                        Markdown.number(figures.median(Scenario.AUDIT, peer.label(), "timerLateP999Micros")),
                        most(figures, peer, "timerLateMaxMicros"));
            }
        }
        return table.toString();
    }

    private static String meters(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown("", "million items/s", "ns an item", "more than bare", "bytes/item");
        double bareNanos = 1e9 / figures.median(Scenario.METERS, "bare", "itemsPerSecond");
        for (String meters : Scenario.METERS.subjects()) {
            Spread items = figures.spread(Scenario.METERS, meters, "itemsPerSecond");
            if (items.measured()) {
                table.row(
                        meters,
                        Markdown.spread(items, 1e6),
                        Markdown.number(1e9 / items.median()),
                        Markdown.number(1e9 / items.median() - bareNanos),
                        Markdown.number(figures.median(Scenario.METERS, meters, "bytesPerItem")));
            }
        }
        return table.toString();
    }

    private static String memory(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown("", "measured");
        for (Scenario scenario : List.of(Scenario.IDLE, Scenario.QUEUED)) {
            List<Sample> samples = figures.samples(scenario, Peers.FIXED.label());
            if (!samples.isEmpty()) {
                for (String metric : samples.get(0).metrics().keySet()) {
                    table.row(
                            scenario.label() + ": " + metric,
                            Markdown.spread(figures.spread(scenario, Peers.FIXED.label(), metric), 1));
                }
            }
        }
        return table.toString();
    }

    /** What went wrong in any trial, ours and theirs. */
    private static String faults(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown("scenario", "who", "what");
        for (Scenario scenario : Scenario.values()) {
            for (String peer : scenario.subjects()) {
                List<Sample> samples = figures.samples(scenario, peer);
                for (String metric : List.of("oversized", "stuck", "stranded", "wrong", "failed", "notFailed")) {
                    double sum = figures.sum(scenario, peer, metric);
                    if (sum > 0) {
                        double largest =
                                figures.spread(scenario, peer, "largest").most();
                        String more = metric.equals("oversized") ? ", largest " + Markdown.number(largest) : "";
                        table.row(scenario.label(), peer, metric + " " + Markdown.number(sum) + more);
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

    private static String profile(Results results) {
        Figures figures = new Figures(results);
        Markdown table = new Markdown("", "percent of the samples, by the method on top");
        for (String peer : Scenario.PROFILE.subjects()) {
            for (Sample sample : figures.samples(Scenario.PROFILE, peer)) {
                List<String> shares = sample.metrics().entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("percent "))
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .map(entry -> "`" + cell(entry.getKey().substring("percent ".length())) + "` "
                                + Markdown.number(entry.getValue()))
                        .toList();
                table.row(peer, String.join(", ", shares));
            }
        }
        return table.toString();
    }

    private static void latencies(List<String> row, Figures figures, Scenario scenario, Peers peer) {
        row.add(Markdown.spread(figures.spread(scenario, peer.label(), "p50Micros"), 1));
        row.add(Markdown.spread(figures.spread(scenario, peer.label(), "p99Micros"), 1));
        row.add(Markdown.number(figures.median(scenario, peer.label(), "p999Micros")));
    }

    private static String sum(Figures figures, Scenario scenario, Peers peer, String metric) {
        return Markdown.number(figures.sum(scenario, peer.label(), metric));
    }

    private static String most(Figures figures, Peers peer, String metric) {
        return Markdown.number(
                figures.spread(Scenario.AUDIT, peer.label(), metric).most());
    }

    private static String label(Peers peer) {
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
    private static void add(Markdown table, List<String> row) {
        if (row.stream().skip(1).anyMatch(cell -> !cell.equals("–"))) {
            table.row(row);
        }
    }
}
