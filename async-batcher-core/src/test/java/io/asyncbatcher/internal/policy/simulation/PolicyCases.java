package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.policy.simulation.Simulation.Phase;
import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import io.asyncbatcher.internal.policy.simulation.Simulation.Service;
import java.util.ArrayList;
import java.util.List;

/** What the policies are judged by. */
final class PolicyCases {

    /** The largest batch: the default of {@code maxBatchSize}. */
    static final int LARGEST = BatcherOptions.defaults().maxBatchSize();

    /** The call dominates, as with a remote database or a model. */
    static final Service CALL = new Service(2, 0.02, 0.2);

    /** A call takes as long as the default of {@code maxQueueTime}. */
    private static final Service SLOW_CALL = new Service(10, 0.1, 0.2);

    /** Items dominate from the tenth on. */
    static final Service MIXED = new Service(1, 0.1, 0.2);

    private static final int CHANGE_AT = 2_000;

    private PolicyCases() {}

    static List<Scenario> all(int items) {
        List<Scenario> cases = new ArrayList<>();
        for (int slots : new int[] {1, 4}) {
            cases.addAll(poisson(slots, items));
            for (Service service : List.of(CALL, MIXED)) {
                double full = slots * LARGEST / service.millis(LARGEST);
                cases.add(of("bursts over capacity", slots, service, Traffic.bursts(1.5 * full, 20, 60), items));
                cases.add(of("small bursts", slots, service, Traffic.bursts(0.2 * full, 4, 20), items));
                cases.add(of("fan-out of 8", slots, service, Traffic.fanOut(8, 0.03, 10.0 / slots), items));
                cases.add(of(
                        "one request in five a fan-out of 8",
                        slots,
                        service,
                        Traffic.fanOutSometimes(0.2, 8, 0.03, 5.0 / slots),
                        items));
                cases.add(of("fan-out of 20", slots, service, Traffic.fanOut(20, 0.02, 6.0 / slots), items));
            }
            cases.add(of("1 caller", slots, CALL, Traffic.closed(1, 1), items / 4));
            cases.addAll(closed(slots, items));
            cases.add(of("16 callers, thinking", slots, CALL, Traffic.closed(16, 4), items));
            cases.add(of("16 callers", slots, MIXED, Traffic.closed(16, 0.1), items));
            cases.add(of("64 callers", slots, MIXED, Traffic.closed(64, 0.1), items));
        }
        return cases;
    }

    static List<Scenario> poisson(int slots, int items) {
        List<Scenario> cases = new ArrayList<>();
        for (Service service : List.of(CALL, MIXED)) {
            for (double load : new double[] {0.02, 0.1, 0.3, 0.6, 0.9}) {
                double perMilli = load * slots * LARGEST / service.millis(LARGEST);
                cases.add(of(
                        "Poisson, load " + Math.round(100 * load) + " %",
                        slots,
                        service,
                        Traffic.poisson(perMilli),
                        load > 0.5 ? 2 * items : items));
            }
        }
        return cases;
    }

    /** Callers that come back at once, where a call costs much more than its items. */
    static List<Scenario> closed(int slots, int items) {
        return List.of(
                of("12 callers", slots, SLOW_CALL, Traffic.closed(12, 0.25), items),
                of("4 callers", slots, CALL, Traffic.closed(4, 0.1), items),
                of("8 callers", slots, CALL, Traffic.closed(8, 0.1), items),
                of("16 callers", slots, CALL, Traffic.closed(16, 0.1), items));
    }

    static Scenario lone(int items) {
        return of("1 caller, back at once", 1, CALL, Traffic.closed(1, 0), items);
    }

    /** Without noise, so that the best schedule can be known. */
    static List<Scenario> fanOut(int items) {
        List<Scenario> cases = new ArrayList<>();
        for (Service noisy : List.of(CALL, MIXED)) {
            Service service = new Service(noisy.aMillis(), noisy.bMillis(), 0);
            cases.add(of("fan-out of 8", 1, service, Traffic.fanOut(8, 0.03, 10), items));
            cases.add(of("fan-out of 20", 1, service, Traffic.fanOut(20, 0.02, 6), items));
        }
        return cases;
    }

    /** The regime changes after {@link #CHANGE_AT} items; the next 200 count. */
    static List<Scenario> changes() {
        Traffic fanOut = Traffic.fanOut(20, 0.02, 6);
        Traffic sparse = Traffic.poisson(0.5);
        Traffic dense = Traffic.poisson(5);
        return List.of(
                change("fan-out, then sparse", CALL, fanOut, CALL, sparse),
                change("sparse, then fan-out", CALL, sparse, CALL, fanOut),
                change("16 callers, then sparse", CALL, Traffic.closed(16, 0.1), CALL, sparse),
                change("sparse, then 16 callers", CALL, sparse, CALL, Traffic.closed(16, 0.1)),
                change("dense, five times faster processor", SLOW_CALL, dense, CALL, dense),
                change("sparse, five times faster processor", SLOW_CALL, sparse, CALL, sparse),
                change("fan-out, five times faster processor", SLOW_CALL, fanOut, CALL, fanOut),
                change("fan-out, five times slower processor", CALL, fanOut, SLOW_CALL, fanOut));
    }

    static int changedFrom() {
        return CHANGE_AT;
    }

    static int changedTo() {
        return CHANGE_AT + 200;
    }

    private static Scenario change(String name, Service before, Traffic traffic, Service after, Traffic then) {
        return new Scenario(name, 1, List.of(new Phase(before, traffic, CHANGE_AT), new Phase(after, then, 400)));
    }

    private static Scenario of(String name, int slots, Service service, Traffic traffic, int items) {
        String processor = "%s + %s n".formatted(service.aMillis(), service.bMillis());
        return new Scenario(name + ", " + processor, slots, List.of(new Phase(service, traffic, items)));
    }
}
