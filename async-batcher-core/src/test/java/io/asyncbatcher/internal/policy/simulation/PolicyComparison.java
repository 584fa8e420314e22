package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** One figure of one scenario, by setting and seed; every setting gets the same seeds. */
final class PolicyComparison {

    /** Which engine makes the decisions true. */
    enum EngineKind {
        REAL,
        REFERENCE
    }

    private final List<PolicySetting> settings;
    private final double[][] figures;

    private PolicyComparison(List<PolicySetting> settings, double[][] figures) {
        this.settings = settings;
        this.figures = figures;
    }

    /** Runs a scenario once for each setting and seed, and takes some figures of each run. */
    @SafeVarargs
    static List<PolicyComparison> of(
            Scenario scenario,
            List<PolicySetting> settings,
            long[] seeds,
            EngineKind engine,
            ToDoubleFunction<Latencies>... figures) {
        double[][][] all = new double[figures.length][settings.size()][seeds.length];
        IntStream.range(0, settings.size() * seeds.length).parallel().forEach(i -> {
            PolicySetting setting = settings.get(i / seeds.length);
            Station.Factory factory = engine == EngineKind.REAL ? setting::real : setting::reference;
            Latencies latencies = Simulation.run(scenario, seeds[i % seeds.length], factory);
            for (int figure = 0; figure < figures.length; figure++) {
                all[figure][i / seeds.length][i % seeds.length] = figures[figure].applyAsDouble(latencies);
            }
        });
        return Arrays.stream(all)
                .map(each -> new PolicyComparison(settings, each))
                .toList();
    }

    List<PolicySetting> settings() {
        return settings;
    }

    double mean(PolicySetting setting) {
        return Arrays.stream(of(setting)).average().orElseThrow();
    }

    /** The one with the least mean of some. */
    PolicySetting best(List<PolicySetting> some) {
        return some.stream().min(Comparator.comparingDouble(this::mean)).orElseThrow();
    }

    /** By seed: one setting's figure as a multiple of another's. */
    double[] ratios(PolicySetting setting, PolicySetting to) {
        return ratios(setting, of(to));
    }

    /** By seed: one setting's figure as a multiple of something else. */
    double[] ratios(PolicySetting setting, double[] to) {
        double[] mine = of(setting);
        return IntStream.range(0, mine.length).mapToDouble(i -> mine[i] / to[i]).toArray();
    }

    private double[] of(PolicySetting setting) {
        return figures[settings.indexOf(setting)];
    }
}
