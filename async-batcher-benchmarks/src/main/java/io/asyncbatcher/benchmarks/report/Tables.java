package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The tables of the pages, by the name that their markers use. */
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
        ALL.put("pipeline", new Table(pipelines, ScenarioTables::pipeline));
        ALL.put("floor", new Table(pipelines, ScenarioTables::floor));
        ALL.put("callers", new Table(EnumSet.of(Scenario.BLOCKING, Scenario.VIRTUAL), ScenarioTables::callers));
        ALL.put("lone", new Table(EnumSet.of(Scenario.LONE_LINGER, Scenario.LONE), ScenarioTables::lone));
        ALL.put("service", new Table(EnumSet.of(Scenario.SERVICE), ScenarioTables::service));
        ALL.put("audit", new Table(EnumSet.of(Scenario.AUDIT), ScenarioTables::audit));
        ALL.put("timers", new Table(EnumSet.of(Scenario.TIMERS), TimersTable::table));
        ALL.put("meters", new Table(EnumSet.of(Scenario.METERS), ScenarioTables::meters));
        ALL.put("memory", new Table(EnumSet.of(Scenario.IDLE, Scenario.QUEUED), ScenarioTables::memory));
        ALL.put("faults", new Table(any, ScenarioTables::faults));
        ALL.put("profile", new Table(EnumSet.of(Scenario.PROFILE), ScenarioTables::profile));
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

    /** When, with what, and on what it was measured. */
    static String origin(Results results) {
        Map<String, String> machine = results.machine();
        StringBuilder text = new StringBuilder("Measured " + run(results) + ", on JDK " + machine.get("jdk") + ", "
                + machine.get("cpu") + ", " + machine.get("cores") + " cores.\n");
        for (Results again : results.again()) {
            text.append("Measured again ").append(run(again)).append(".\n");
        }
        return text.toString();
    }

    private static String run(Results results) {
        String changed = Objects.equals(results.machine().get("changed"), "no") ? "" : " and changes";
        return results.started() + " with `" + results.arguments() + "`, commit "
                + results.machine().get("commit") + changed;
    }

    static String machine(Results results) {
        MarkdownTable table = new MarkdownTable("", "");
        table.row("measured", results.started() + " with `" + results.arguments() + "`");
        results.again().forEach(again -> table.row("measured again", run(again)));
        results.machine().forEach((fact, value) -> table.row(fact, value));
        results.versions().forEach((artifact, version) -> table.row(artifact, version));
        return table.toString();
    }
}
