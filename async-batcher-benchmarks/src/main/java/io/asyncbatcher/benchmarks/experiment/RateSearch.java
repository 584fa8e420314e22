package io.asyncbatcher.benchmarks.experiment;

/**
 * Looks for the highest rate that holds: doubles from 100 requests a second until one doesn't, then halves the distance,
 * in longer steps. What counts is the highest rate that held in a longer one.
 */
final class RateSearch {

    /** One step. */
    interface Attempt {

        /** Whether the rate held. */
        boolean holds(double rate, boolean longer) throws Exception;
    }

    private static final double FIRST = 100;
    private static final double LEAST = 5;

    private final Attempt attempt;
    private final double most;
    private final int refinements;

    RateSearch(Attempt attempt, double most, int refinements) {
        this.attempt = attempt;
        this.most = most;
        this.refinements = refinements;
    }

    void run() throws Exception {
        double held = FIRST;
        if (attempt.holds(FIRST, false)) {
            while (held * 2 <= most && attempt.holds(held * 2, false)) {
                held *= 2;
            }
        } else {
            do {
                held /= 2;
            } while (held > LEAST && !attempt.holds(held, false));
        }
        refine(held);
    }

    private void refine(double held) throws Exception {
        double low = held;
        double high = held * 2;
        boolean sure = false;
        for (int i = 0; i < refinements && high <= most; i++) {
            double middle = round(Math.sqrt(low * high));
            if (attempt.holds(middle, true)) {
                low = middle;
                sure = true;
            } else {
                high = middle;
            }
        }
        // Only a short step has held there.
        while (!sure && low > LEAST) {
            sure = attempt.holds(low, true);
            low = round(low * 0.9);
        }
    }

    /** Two digits: no step is nearer to the next than that. */
    private static double round(double rate) {
        double unit = Math.pow(10, Math.floor(Math.log10(rate)) - 1);
        return Math.round(rate / unit) * unit;
    }
}
