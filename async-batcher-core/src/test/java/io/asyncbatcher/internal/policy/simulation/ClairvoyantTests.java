package io.asyncbatcher.internal.policy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ClairvoyantTests {

    private static final int MOST = 3;

    @Test
    void noDivisionIntoBatchesIsBetter() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            long[] arrivals = new long[1 + random.nextInt(9)];
            for (int i = 1; i < arrivals.length; i++) {
                arrivals[i] = arrivals[i - 1] + random.nextInt(1_500_000);
            }
            Simulation.Service service = new Simulation.Service(random.nextDouble() * 3, random.nextDouble(), 0);

            assertThat(Clairvoyant.meanNanos(arrivals, service, MOST) * arrivals.length)
                    .isCloseTo(least(arrivals, 0, 0, service), Percentage.withPercentage(1e-6));
        }
    }

    /** Tries every one. */
    private static double least(long[] arrivals, int from, double freeAt, Simulation.Service service) {
        if (from == arrivals.length) {
            return 0;
        }
        double least = Double.MAX_VALUE;
        double arrived = 0;
        for (int n = 1; n <= MOST && from + n <= arrivals.length; n++) {
            double last = arrivals[from + n - 1];
            arrived += last;
            double end = Math.max(freeAt, last) + 1e6 * service.millis(n);
            least = Math.min(least, n * end - arrived + least(arrivals, from + n, end, service));
        }
        return least;
    }
}
