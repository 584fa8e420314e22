package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One figure by which ours are compared with the others.
 *
 * @param label of the scenario, in a sentence
 * @param scenario in which it is measured
 * @param metric its name
 * @param lessIsBetter whether it is a time
 */
record Comparison(String label, Scenario scenario, String metric, boolean lessIsBetter) {

    static final Comparison LONE = new Comparison("a lone caller, p50", Scenario.LONE_LINGER, "p50Micros", true);
    static final Comparison SERVICE = items("the service", Scenario.SERVICE);
    static final Comparison WAITING = items("64 waiting threads", Scenario.BLOCKING);
    static final Comparison VIRTUAL = items("1,000 virtual threads", Scenario.VIRTUAL);
    static final Comparison SERVICE_P99 = new Comparison("the service, p99", Scenario.SERVICE, "p99Micros", true);
    static final List<Comparison> PIPELINES = List.of(
            items("the pipeline with 1 producer", Scenario.PIPELINE_1),
            items("the pipeline with 2 producers", Scenario.PIPELINE_2),
            items("the pipeline with 8 producers", Scenario.PIPELINE_8));
    static final List<Comparison> ALL =
            List.of(PIPELINES.get(0), PIPELINES.get(1), PIPELINES.get(2), WAITING, VIRTUAL, LONE, SERVICE, SERVICE_P99);

    static final List<Peer> MODES = List.of(Peer.FIXED, Peer.NATURAL, Peer.ADAPTIVE);

    private static Comparison items(String label, Scenario scenario) {
        return new Comparison(label, scenario, "itemsPerSecond", false);
    }

    /** The library that is best at it; empty where none was measured. */
    Optional<Peer> bestLibrary(Statistics statistics) {
        return best(statistics, peer -> peer.kind() == Peer.Kind.LIBRARY);
    }

    /** The best of some. */
    Optional<Peer> best(Statistics statistics, Predicate<Peer> among) {
        Comparator<Peer> byValue = Comparator.comparingDouble(peer -> value(statistics, peer));
        return Arrays.stream(Peer.values())
                .filter(peer -> among.test(peer) && !Double.isNaN(value(statistics, peer)))
                .max(lessIsBetter ? byValue.reversed() : byValue);
    }

    /** The median. */
    double value(Statistics statistics, Peer peer) {
        return statistics.median(scenario, peer.label(), metric);
    }

    /** How many times as good one is as another. */
    Spread gain(Statistics statistics, Peer one, Peer other) {
        return lessIsBetter
                ? statistics.ratio(scenario, other.label(), one.label(), metric)
                : statistics.ratio(scenario, one.label(), other.label(), metric);
    }
}
