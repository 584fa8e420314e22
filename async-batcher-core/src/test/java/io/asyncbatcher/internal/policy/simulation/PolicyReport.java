package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.PolicyComparison.EngineKind;
import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** How the dispatch modes compare: the targets of the adaptive one, and every case behind them. */
final class PolicyReport {

    static final String BEGIN = "<!-- simulation: policy -->";
    static final String END = "<!-- end -->";

    private static final PolicySetting NATURAL = PolicySetting.NATURAL;
    private static final PolicySetting ADAPTIVE = PolicySetting.ADAPTIVE;

    /** What many choose. */
    private static final PolicySetting FIXED = PolicySetting.fixed(PolicyCases.LARGEST, 10_000);

    private static final List<PolicySetting> COMPARED = List.of(NATURAL, FIXED, ADAPTIVE);

    private static final List<PolicySetting> WITH_RIVALS =
            Stream.concat(Rivals.ALL.stream(), COMPARED.stream()).toList();

    /** By seed, for each of the compared settings: a multiple of what the case is measured by. */
    record Ratios(String name, Map<PolicySetting, double[]> bySetting) {

        Estimate of(PolicySetting setting) {
            return Estimate.of(samples(setting));
        }

        double[] samples(PolicySetting setting) {
            return Objects.requireNonNull(bySetting.get(setting));
        }
    }

    private final EngineKind engine;
    private final long[] seeds;
    private final int items;
    private final StringBuilder targets = new StringBuilder();
    private final StringBuilder cases = new StringBuilder();
    private final StringBuilder rivals = new StringBuilder();

    PolicyReport(EngineKind engine, long firstSeed, int seeds, int items) {
        this.engine = engine;
        this.seeds = LongStream.range(firstSeed, firstSeed + seeds).toArray();
        this.items = items;
    }

    /** The report as Markdown. */
    String markdown() {
        target("lone sequential caller, against a direct call", 1.02, lone());
        worst("one slot, Poisson, against the best control limit in hindsight", 1.03, controlLimits());
        againstBestFixed(true);
        worst("closed loop of 4 to 16 callers, one slot, against natural", 0.75, closed());
        worst("fan-out, one slot, against a clairvoyant schedule", 1.20, fanOut());
        worst("the 200 items after a change of regime, against natural", 1.20, changes(5));
        return """
                Latencies on a virtual clock, as multiples of what each line names; in brackets the worst case. %d seeds,
                95 %% confidence intervals; %s.

                | | target | adaptive | natural | fixed 100 / 10 ms | adaptive's worst case |
                |---|---|---|---|---|---|
                %s
                All cases against the best fixed setting of each: the geometric mean [the worst case], beside rules of other projects, which a
                small engine with the default options carries out.

                | | mean latency | 99th percentile |
                |---|---|---|
                %s
                Every case: the processor's time in ms by the batch's size n (log-normal noise of 20 %%), the best of 18 fixed
                settings in hindsight (batch size / linger), and the others, with the default options, as multiples of it, for the mean and for the
                99th percentile, each with its own best.

                | slots | case | best fixed | mean, ms | natural | fixed 100 / 10 ms | adaptive | best fixed, p99 | p99, ms | natural | fixed 100 / 10 ms | adaptive |
                |---|---|---|---|---|---|---|---|---|---|---|---|
                %s""".formatted(
                        seeds.length,
                        engine == EngineKind.REAL ? "the engine itself" : "a reference engine",
                        targets,
                        rivals,
                        cases);
    }

    /** Puts the report between the markers of a file. */
    void writeTo(Path file) throws IOException {
        writeTo(file, BEGIN, markdown());
    }

    /** Puts a report between its own marker and the next end. */
    static void writeTo(Path file, String marker, String report) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf(marker);
        int end = text.indexOf(END, begin);
        if (begin < 0 || end < 0) {
            throw new IOException(file + " has no lines '" + marker + "' and '" + END + "' to write between");
        }
        String before = text.substring(0, begin + marker.length());
        Files.writeString(file, before + "\n" + report + text.substring(end));
    }

    // ---- what is compared ----

    Ratios lone() {
        Scenario scenario = PolicyCases.lone(items / 4);
        double direct = 1e6 * scenario.phases().get(0).service().millis(1);
        PolicyComparison means = means(scenario, COMPARED, seeds);
        double[] directs = LongStream.of(seeds).mapToDouble(seed -> direct).toArray();
        return new Ratios(scenario.name(), ratios(means, directs));
    }

    List<Ratios> controlLimits() {
        List<PolicySetting> limits = Stream.of(1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 100)
                .map(PolicySetting::controlLimit)
                .toList();
        return PolicyCases.poisson(1, items).stream()
                .map(scenario -> {
                    // the engine has no control limits
                    PolicyComparison means = PolicyComparison.of(
                                    scenario, both(limits, COMPARED), seeds, EngineKind.REFERENCE, Latencies::mean)
                            .get(0);
                    return new Ratios(scenario.name(), ratios(means, means.best(limits)));
                })
                .toList();
    }

    List<Ratios> closed() {
        return PolicyCases.closed(1, items).stream()
                .map(scenario -> new Ratios(scenario.name(), ratios(means(scenario, COMPARED, seeds), NATURAL)))
                .toList();
    }

    List<Ratios> fanOut() {
        return PolicyCases.fanOut(items / 4).stream()
                .map(scenario -> {
                    double[] best = LongStream.of(seeds)
                            .parallel()
                            .mapToDouble(seed -> Clairvoyant.meanNanos(
                                    Simulation.run(scenario, seed, NATURAL::reference)
                                            .submittedNanos(),
                                    scenario.phases().get(0).service(),
                                    PolicyCases.LARGEST))
                            .toArray();
                    return new Ratios(scenario.name(), ratios(means(scenario, COMPARED, seeds), best));
                })
                .toList();
    }

    /** With more seeds: 200 items vary much. */
    List<Ratios> changes(int timesMore) {
        long[] more = LongStream.range(seeds[0], seeds[0] + (long) timesMore * seeds.length)
                .toArray();
        return PolicyCases.changes().stream()
                .map(scenario -> {
                    PolicyComparison after = PolicyComparison.of(
                                    scenario,
                                    COMPARED,
                                    more,
                                    engine,
                                    each -> each.mean(PolicyCases.changedFrom(), PolicyCases.changedTo()))
                            .get(0);
                    return new Ratios(scenario.name(), ratios(after, NATURAL));
                })
                .toList();
    }

    /** What all cases say. */
    record Overall(List<Ratios> means, List<Ratios> p99s) {}

    /** The mean latency and the 99th percentile in all cases. */
    Overall againstBestFixed(boolean withRivals) {
        List<PolicySetting> compared = withRivals ? WITH_RIVALS : COMPARED;
        List<Ratios> means = new ArrayList<>();
        List<Ratios> p99s = new ArrayList<>();
        for (Scenario scenario : PolicyCases.all(items)) {
            List<PolicySetting> fixed = PolicySetting.fixed();
            List<PolicyComparison> figures = PolicyComparison.of(
                    scenario, both(fixed, compared), seeds, engine, Latencies::mean, each -> each.percentile(0.99));
            cases.append("| %d | %s |".formatted(scenario.slots(), scenario.name()));
            means.add(row(scenario, figures.get(0), fixed));
            p99s.add(row(scenario, figures.get(1), fixed));
            cases.append('\n');
        }
        overall("all cases, mean latency, against the best fixed setting of each", 1.05, 1.15, means);
        overall("all cases, 99th percentile, against the best fixed setting of each", 1.10, 1.25, p99s);
        for (PolicySetting setting : compared) {
            rivals.append(
                    "| %s | %s | %s |%n".formatted(setting.name(), overall(means, setting), overall(p99s, setting)));
        }
        return new Overall(means, p99s);
    }

    private String overall(List<Ratios> each, PolicySetting setting) {
        return String.format(
                Locale.ROOT,
                "%.3f [%.2f]",
                geometric(each, setting).mean(),
                worst(each, setting).of(setting).mean());
    }

    private Ratios row(Scenario scenario, PolicyComparison figure, List<PolicySetting> fixed) {
        PolicySetting best = figure.best(fixed);
        Ratios ratios = new Ratios(
                (scenario.slots() == 1 ? "1 slot, " : scenario.slots() + " slots, ") + scenario.name(),
                ratios(figure, best));
        cases.append(String.format(
                Locale.ROOT,
                " %s | %.2f | %.2f | %.2f | %s |",
                best.name().replace("fixed ", ""),
                figure.mean(best) / 1e6,
                ratios.of(NATURAL).mean(),
                ratios.of(FIXED).mean(),
                ratios.of(ADAPTIVE)));
        return ratios;
    }

    private PolicyComparison means(Scenario scenario, List<PolicySetting> settings, long[] some) {
        return PolicyComparison.of(scenario, settings, some, engine, Latencies::mean)
                .get(0);
    }

    private static List<PolicySetting> both(List<PolicySetting> settings, List<PolicySetting> compared) {
        return Stream.concat(settings.stream(), compared.stream()).distinct().toList();
    }

    private static Map<PolicySetting, double[]> ratios(PolicyComparison figures, PolicySetting to) {
        return figures.settings().stream()
                .filter(WITH_RIVALS::contains)
                .collect(Collectors.toMap(setting -> setting, setting -> figures.ratios(setting, to)));
    }

    private static Map<PolicySetting, double[]> ratios(PolicyComparison figures, double[] to) {
        return COMPARED.stream().collect(Collectors.toMap(setting -> setting, setting -> figures.ratios(setting, to)));
    }

    // ---- how it is written ----

    private void target(String what, double target, Ratios ratios) {
        targets.append(String.format(
                Locale.ROOT,
                "| %s | ≤ %.2f | %s | %.2f | %.2f | |%n",
                what,
                target,
                ratios.of(ADAPTIVE),
                ratios.of(NATURAL).mean(),
                ratios.of(FIXED).mean()));
    }

    private void worst(String what, double target, List<Ratios> each) {
        Ratios worst = worst(each, ADAPTIVE);
        targets.append(String.format(
                Locale.ROOT,
                "| %s | worst ≤ %.2f | [%s] | [%.2f] | [%.2f] | %s |%n",
                what,
                target,
                worst.of(ADAPTIVE),
                worst(each, NATURAL).of(NATURAL).mean(),
                worst(each, FIXED).of(FIXED).mean(),
                worst.name));
    }

    private void overall(String what, double target, double worst, List<Ratios> each) {
        targets.append(String.format(
                Locale.ROOT,
                "| %s | geometric mean ≤ %.2f, worst ≤ %.2f | %s [%.2f] | %.2f [%.2f] | %.2f [%.2f] | %s |%n",
                what,
                target,
                worst,
                geometric(each, ADAPTIVE),
                worst(each, ADAPTIVE).of(ADAPTIVE).mean(),
                geometric(each, NATURAL).mean(),
                worst(each, NATURAL).of(NATURAL).mean(),
                geometric(each, FIXED).mean(),
                worst(each, FIXED).of(FIXED).mean(),
                worst(each, ADAPTIVE).name));
    }

    static Ratios worst(List<Ratios> each, PolicySetting setting) {
        return each.stream()
                .max((one, other) ->
                        Double.compare(one.of(setting).mean(), other.of(setting).mean()))
                .orElseThrow();
    }

    Estimate geometric(List<Ratios> each, PolicySetting setting) {
        return Estimate.of(IntStream.range(0, seeds.length)
                .mapToDouble(seed -> Math.exp(each.stream()
                        .mapToDouble(ratios -> Math.log(ratios.samples(setting)[seed]))
                        .average()
                        .orElseThrow()))
                .toArray());
    }
}
