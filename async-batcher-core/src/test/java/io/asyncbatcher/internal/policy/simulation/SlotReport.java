package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.PolicyComparison.EngineKind;
import io.asyncbatcher.internal.policy.simulation.SlotCases.Case;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** How the learned number of slots compares with fixed ones, the best of which is chosen in hindsight. */
final class SlotReport {

    static final String BEGIN = "<!-- simulation: slots -->";

    private static final List<PolicySetting> FIXED = IntStream.of(1, 2, 3, 4, 5, 6, 8, 10, 12, SlotCases.LIMIT)
            .mapToObj(slots -> PolicySetting.slots(String.valueOf(slots), () -> new FixedSlots(slots)))
            .toList();

    static final PolicySetting ONE = FIXED.get(0);
    static final PolicySetting ALL = FIXED.get(FIXED.size() - 1);
    static final PolicySetting LEARNED = PolicySetting.ADAPTIVE;
    private static final PolicySetting VEGAS = PolicySetting.slots("Vegas", SlotRivals.Vegas::new);
    private static final PolicySetting GRADIENT = PolicySetting.slots("Gradient2", SlotRivals.Gradient2::new);
    private static final List<PolicySetting> SHOWN = List.of(LEARNED, VEGAS, GRADIENT, ONE, ALL);

    /** A case, the best fixed number, its figure in nanoseconds, and the others' as multiples of it. */
    record Row(Case each, PolicySetting best, double nanos, List<Double> ratios) {

        double of(PolicySetting setting) {
            return ratios.get(SHOWN.indexOf(setting));
        }
    }

    private final EngineKind engine;
    private final long[] seeds;

    SlotReport(EngineKind engine, long firstSeed, int seeds) {
        this.engine = engine;
        this.seeds = LongStream.range(firstSeed, firstSeed + seeds).toArray();
    }

    List<Row> rows(List<Case> cases) {
        List<PolicySetting> settings =
                Stream.concat(FIXED.stream(), SHOWN.stream()).distinct().toList();
        return cases.stream()
                .map(each -> {
                    ToDoubleFunction<Latencies> figure = each::figure;
                    PolicyComparison figures = PolicyComparison.of(each.scenario(), settings, seeds, engine, figure)
                            .get(0);
                    PolicySetting best = figures.best(FIXED);
                    double nanos = figures.mean(best);
                    return new Row(
                            each,
                            best,
                            nanos,
                            SHOWN.stream()
                                    .map(shown -> figures.mean(shown) / nanos)
                                    .toList());
                })
                .toList();
    }

    static double geometric(List<Row> rows, PolicySetting setting) {
        return Math.exp(rows.stream()
                .mapToDouble(row -> Math.log(row.of(setting)))
                .average()
                .orElseThrow());
    }

    static double worst(List<Row> rows, PolicySetting setting) {
        return rows.stream().mapToDouble(row -> row.of(setting)).max().orElseThrow();
    }

    void writeTo(Path file, int items) throws IOException {
        StringBuilder summary = new StringBuilder();
        StringBuilder all = new StringBuilder();
        List<Row> steady = new ArrayList<>();
        for (Processor.Crowding crowding : SlotCases.ALL) {
            List<Row> rows = rows(SlotCases.of(crowding, items));
            summary.append(summary(crowding.name(), rows));
            all.append(table(crowding.name(), rows));
            steady.addAll(rows);
        }
        List<Row> changes = rows(SlotCases.changes());
        summary.append(summary("all of these", steady));
        summary.append(summary("500 batches after a change from one to another", changes));
        all.append(table("", changes));
        PolicyReport.writeTo(file, BEGIN, """
                Mean latency, and where more arrives than can be processed the time an item, as multiples of the best of 10 fixed numbers of
                slots in hindsight: geometric mean [worst case], %d seeds, `concurrency` %d. Of each run the second half counts.
                `Vegas` and `Gradient2` are the rules of Netflix' concurrency-limits.

                | processor | learned | Vegas | Gradient2 | 1 slot | %d slots |
                |---|---|---|---|---|---|
                %s
                | processor | case | best | ms | learned | Vegas | Gradient2 | 1 slot | %d slots |
                |---|---|---|---|---|---|---|---|---|
                %s""".formatted(
                        seeds.length, SlotCases.LIMIT, SlotCases.LIMIT, summary, SlotCases.LIMIT, all));
    }

    private static String summary(String name, List<Row> rows) {
        StringBuilder line = new StringBuilder("| " + name + " |");
        for (PolicySetting setting : SHOWN) {
            line.append(
                    String.format(Locale.ROOT, " %.2f [%s] |", geometric(rows, setting), ratio(worst(rows, setting))));
        }
        return line.append('\n').toString();
    }

    private static String table(String processor, List<Row> rows) {
        StringBuilder lines = new StringBuilder();
        for (Row row : rows) {
            lines.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.3f |",
                    processor,
                    row.each.scenario().name(),
                    row.best.name(),
                    row.nanos / 1e6));
            row.ratios.forEach(ratio -> lines.append(' ').append(ratio(ratio)).append(" |"));
            lines.append('\n');
        }
        return lines.toString();
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio);
    }
}
