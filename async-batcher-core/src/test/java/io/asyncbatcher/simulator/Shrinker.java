package io.asyncbatcher.simulator;

import java.util.function.Predicate;

/** Makes a failing plan smaller for as long as it fails in the same way. */
final class Shrinker {

    private final Predicate<Plan> fails;
    private final long end = System.nanoTime() + 20_000_000_000L;

    Shrinker(Predicate<Plan> fails) {
        this.fails = fails;
    }

    Plan shrink(Plan failing) {
        Plan smallest = failing;
        for (boolean smaller = true; smaller; ) {
            Plan before = smallest;
            smallest = simplerSettings(fewerEvents(smallest));
            smaller = !smallest.equals(before);
        }
        return smallest;
    }

    private Plan fewerEvents(Plan failing) {
        Plan smallest = failing;
        for (int size = Math.max(1, smallest.events().size() / 2); size > 0; size /= 2) {
            for (int at = smallest.events().size() - size; at >= 0; at -= size) {
                Plan smaller = smallest.without(at, at + size);
                if (stillFails(smaller)) {
                    smallest = smaller;
                    at = Math.min(at, smallest.events().size());
                }
            }
        }
        return smallest;
    }

    private Plan simplerSettings(Plan failing) {
        Plan smallest = failing;
        for (boolean found = true; found; ) {
            found = false;
            for (Settings simpler : smallest.settings().simpler()) {
                Plan smaller = smallest.with(simpler);
                if (stillFails(smaller)) {
                    smallest = smaller;
                    found = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private boolean stillFails(Plan plan) {
        return System.nanoTime() - end < 0 && fails.test(plan);
    }
}
