package io.asyncbatcher.internal.policy.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The least mean latency that any schedule can reach on one slot, for one that knows all arrivals: the best division of
 * the sequence into batches. By dynamic programming over the number of items served, keeping every pair of (when the slot
 * is free, latency so far) that no other pair beats in both.
 */
final class Clairvoyant {

    private record State(double freeAt, double latency) {}

    private Clairvoyant() {}

    static double meanNanos(long[] arrivals, Simulation.Service service, int maxBatchSize) {
        List<List<State>> served = new ArrayList<>();
        for (int i = 0; i <= arrivals.length; i++) {
            served.add(new ArrayList<>());
        }
        served.get(0).add(new State(0, 0));
        for (int i = 0; i < arrivals.length; i++) {
            for (State state : best(served.get(i))) {
                double arrived = 0;
                for (int n = 1; n <= maxBatchSize && i + n <= arrivals.length; n++) {
                    arrived += arrivals[i + n - 1];
                    double start = Math.max(state.freeAt, (double) arrivals[i + n - 1]);
                    // the first item could have gone alone meanwhile, and the others none the later
                    if (start >= Math.max(state.freeAt, (double) arrivals[i]) + 1e6 * service.millis(1)) {
                        break;
                    }
                    double end = start + 1e6 * service.millis(n);
                    served.get(i + n).add(new State(end, state.latency + n * end - arrived));
                }
            }
            served.set(i, List.of());
        }
        return best(served.get(arrivals.length)).stream()
                        .mapToDouble(State::latency)
                        .min()
                        .orElseThrow()
                / arrivals.length;
    }

    private static List<State> best(List<State> states) {
        states.sort(Comparator.comparingDouble(State::freeAt).thenComparingDouble(State::latency));
        List<State> best = new ArrayList<>();
        double least = Double.MAX_VALUE;
        for (State state : states) {
            if (state.latency < least) {
                least = state.latency;
                best.add(state);
            }
        }
        return best;
    }
}
