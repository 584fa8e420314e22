package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.Processor.Crowding;
import io.asyncbatcher.internal.policy.simulation.Simulation.Phase;
import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import io.asyncbatcher.internal.policy.simulation.Simulation.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the number of slots is judged by: processors that bear several calls at once in different ways. */
final class SlotCases {

    /** The option {@code concurrency}. */
    static final int LIMIT = 16;

    static final Crowding INDEPENDENT = Crowding.NONE;
    static final Crowding CORES = Crowding.cores(4);
    static final Crowding CONTENDED = Crowding.contended(1 / 15.0);
    static final Crowding FIGHTING = Crowding.contended(1);
    static final Crowding REFUSING = Crowding.refusing(4, 5_000_000);

    static final List<Crowding> ALL = List.of(INDEPENDENT, CORES, CONTENDED, FIGHTING, REFUSING);

    private static final double[] LOADS = {0.02, 0.3, 0.7, 1.5};
    private static final int[] CALLERS = {4, 16, 64, 400};

    /** A case; of the items after {@code from} the latency counts, or the throughput where more arrive than can be processed. */
    record Case(Scenario scenario, int from, boolean overloaded) {

        double figure(Latencies latencies) {
            return overloaded ? latencies.nanosPerItem(from) : latencies.mean(from, latencies.submittedNanos().length);
        }
    }

    private SlotCases() {}

    /** Those of a processor; {@code items} is the measure of their length. */
    static List<Case> of(Crowding crowding, int items) {
        List<Case> cases = new ArrayList<>();
        for (Service simple : List.of(PolicyCases.CALL, PolicyCases.MIXED)) {
            Service service = new Service(simple.aMillis(), simple.bMillis(), simple.sigma(), crowding);
            double most = IntStream.rangeClosed(1, Math.min(LIMIT, crowding.most()))
                    .mapToDouble(slots -> slots
                            * PolicyCases.LARGEST
                            / service.millis(PolicyCases.LARGEST)
                            / crowding.slowness().applyAsDouble(slots))
                    .max()
                    .orElseThrow();
            for (double load : LOADS) {
                int length = load < 0.1 ? items : (crowding.equals(INDEPENDENT) ? 24 : 12) * items;
                String name = "Poisson, load " + Math.round(100 * load) + " %";
                cases.add(half(name, service, Traffic.poisson(load * most), length, load > 1));
            }
            for (int callers : CALLERS) {
                int length = (callers > 100 ? 10 : 2) * items;
                cases.add(half(callers + " callers", service, Traffic.closed(callers, 0.1), length, false));
            }
        }
        return cases;
    }

    private static Case half(String name, Service service, Traffic traffic, int items, boolean overloaded) {
        Scenario scenario = new Scenario(name(name, service), LIMIT, List.of(new Phase(service, traffic, items)));
        return new Case(scenario, items / 2, overloaded);
    }

    /** One processor becomes another; about 500 batches after that count. */
    static List<Case> changes() {
        Map<Crowding, Integer> usual = new LinkedHashMap<>();
        usual.put(INDEPENDENT, LIMIT);
        usual.put(CORES, 4);
        usual.put(CONTENDED, 3);
        usual.put(REFUSING, 4);
        int callers = 64;
        int before = 20_000;
        Traffic traffic = Traffic.closed(callers, 0.1);
        List<Case> cases = new ArrayList<>();
        for (Crowding first : usual.keySet()) {
            for (Crowding second : usual.keySet()) {
                for (Service simple : List.of(PolicyCases.CALL, PolicyCases.MIXED)) {
                    if (!first.equals(second)) {
                        Service one = new Service(simple.aMillis(), simple.bMillis(), simple.sigma(), first);
                        Service other = new Service(simple.aMillis(), simple.bMillis(), simple.sigma(), second);
                        int after = 500 * callers / usual.get(second);
                        Scenario scenario = new Scenario(
                                name(first.name() + ", then " + second.name(), simple),
                                LIMIT,
                                List.of(new Phase(one, traffic, before), new Phase(other, traffic, after)));
                        cases.add(new Case(scenario, before, false));
                    }
                }
            }
        }
        return cases;
    }

    private static String name(String name, Service service) {
        return "%s, %s + %s n".formatted(name, service.aMillis(), service.bMillis());
    }
}
