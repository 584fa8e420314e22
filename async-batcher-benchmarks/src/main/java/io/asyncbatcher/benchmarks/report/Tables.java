package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The tables of the pages, by the name that their markers use. Medians over the rounds, with their spread. */
public final class Tables {

    /** What can have a run of its own. */
    private static final Set<Scenario> APART = EnumSet.of(Scenario.START, Scenario.SCALE);

    private static final Map<String, Table> ALL = new LinkedHashMap<>();

    /** A table, and the scenarios of which a run has to have one so that it has the table. */
    private record Table(Set<Scenario> scenarios, Function<Results, String> text) {}

    static {
        Set<Scenario> any = EnumSet.complementOf(EnumSet.copyOf(APART));
        Set<Scenario> pipelines = EnumSet.of(Scenario.PIPELINE_1, Scenario.PIPELINE_2, Scenario.PIPELINE_8);
        ALL.put("summary", new Table(pipelines, Summary::sentences));
        ALL.put("origin", new Table(any, Tables::origin));
        ALL.put("machine", new Table(any, Tables::machine));
        ALL.put("targets", new Table(any, TargetTable::table));
        ALL.put("behind", new Table(any, Summary::behind));
        ALL.put("pipeline", new Table(pipelines, Tables::pipeline));
        ALL.put("floor", new Table(pipelines, Tables::floor));
        ALL.put("callers", new Table(EnumSet.of(Scenario.BLOCKING, Scenario.VIRTUAL), Tables::callers));
        ALL.put("lone", new Table(EnumSet.of(Scenario.LONE_LINGER, Scenario.LONE), Tables::lone));
        ALL.put("service", new Table(EnumSet.of(Scenario.SERVICE), Tables::service));
        ALL.put("audit", new Table(EnumSet.of(Scenario.AUDIT), Tables::audit));
        ALL.put("meters", new Table(EnumSet.of(Scenario.METERS), Tables::meters));
        ALL.put("memory", new Table(EnumSet.of(Scenario.IDLE, Scenario.QUEUED), Tables::memory));
        ALL.put("faults", new Table(any, Tables::faults));
        ALL.put("profile", new Table(EnumSet.of(Scenario.PROFILE), Tables::profile));
        ALL.put("start", new Table(EnumSet.of(Scenario.START), StartupTable::table));
        ALL.put("scale-operations", new Table(EnumSet.of(Scenario.SCALE), ScaleTables::operations));
        ALL.put("scale-check", new Table(EnumSet.of(Scenario.SCALE), ScaleTables::check));
        ALL.put("scale-prediction", new Table(EnumSet.of(Scenario.SCALE), ScaleTables::prediction));
    }

    private Tables() {}

    static String table(String name, Results results) {
        return name.startsWith(Report.EXPERIMENT)
                ? ExperimentTables.table(name, results)
                : named(name).text.apply(results);
    }

    /** Whether a run has what a table is made of. */
    static boolean has(String name, Results results) {
        Statistics statistics = new Statistics(results);
        return name.startsWith(Report.EXPERIMENT)
                ? new ExperimentStatistics(results).isExperiment()
                : named(name).scenarios.stream().anyMatch(statistics::has);
    }

    private static Table named(String name) {
        Table table = ALL.get(name);
        if (table == null) {
            throw new IllegalArgumentException("no table '" + name + "'; there are " + String.join(", ", ALL.keySet()));
        }
        return table;
    }

    /** Those of what was measured. */
    public static String all(Results results) {
        StringBuilder text = new StringBuilder();
        ALL.forEach((name, table) -> {
            if (has(name, results)) {
                text.append(name)
                        .append("\n\n")
                        .append(table.text.apply(results))
                        .append('\n');
            }
        });
        return text.toString();
    }

    /** One line: when, with what, and on what it was measured. */
    static String origin(Results results) {
        Map<String, String> machine = results.machine();
        return "Measured " + results.started() + " with `" + results.arguments() + "` on JDK " + machine.get("jdk")
                + ", "
                + machine.get("cpu") + ", " + machine.get("cores") + " cores, commit " + machine.get("commit")
                + (Objects.equals(machine.get("changed"), "no") ? "" : " and changes") + ".\n";
    }

    static String machine(Results results) {
        MarkdownTable table = new MarkdownTable("", "");
        table.row("measured", results.started() + " with `" + results.arguments() + "`");
        results.machine().forEach((fact, value) -> table.row(fact, value));
        results.versions().forEach((artifact, version) -> table.row(artifact, version));
        return table.toString();
    }

    /** How much time passes from one item to the next. */
    private static String floor(Results results) {
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

    private static String pipeline(Results results) {
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

    private static String callers(Results results) {
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

    private static String lone(Results results) {
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

    private static String service(Results results) {
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

    private static String audit(Results results) {
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

    private static String meters(Results results) {
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

    private static String memory(Results results) {
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
    private static String faults(Results results) {
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

    private static String profile(Results results) {
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
