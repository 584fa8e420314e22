package io.asyncbatcher.internal.policy.simulation;

import java.util.Random;

/** How items come. Open traffic gives every policy the same moments; closed ones the same think times. */
@FunctionalInterface
interface Traffic {

    /** Begins to submit; the simulation takes no more than it wants. */
    void begin(Simulation simulation, Random random);

    /** Independent callers, so many items a millisecond. */
    static Traffic poisson(double perMilli) {
        return (simulation, random) -> simulation.repeat(() -> exponential(random, 1e6 / perMilli), simulation::submit);
    }

    /** Poisson for a while, then nothing for a while, both of random length. */
    static Traffic bursts(double perMilli, double onMillis, double offMillis) {
        return (simulation, random) -> {
            double[] onLeft = {exponential(random, 1e6 * onMillis)};
            simulation.repeat(
                    () -> {
                        double gap = exponential(random, 1e6 / perMilli);
                        double pauses = 0;
                        double left = gap;
                        while (left > onLeft[0]) {
                            left -= onLeft[0];
                            pauses += exponential(random, 1e6 * offMillis);
                            onLeft[0] = exponential(random, 1e6 * onMillis);
                        }
                        onLeft[0] -= left;
                        return (long) (gap + pauses);
                    },
                    simulation::submit);
        };
    }

    /** Requests that need several items each, which they ask for one by one, a random gap apart. */
    static Traffic fanOut(int items, double gapMillis, double everyMillis) {
        return fanOutSometimes(1, items, gapMillis, everyMillis);
    }

    /** The same, but only a part of the requests need several items; the others need one. */
    static Traffic fanOutSometimes(double part, int items, double gapMillis, double everyMillis) {
        return (simulation, random) -> simulation.repeat(() -> exponential(random, 1e6 * everyMillis), () -> {
            long delay = 0;
            int all = random.nextDouble() < part ? items : 1;
            for (int i = 0; i < all; i++) {
                simulation.after(delay, simulation::submit);
                delay += exponential(random, 1e6 * gapMillis);
            }
        });
    }

    /** Callers that think for a while after each result, then submit the next item. */
    static Traffic closed(int callers, double thinkMillis) {
        return (simulation, random) -> {
            for (int i = 0; i < callers; i++) {
                new Caller(simulation, new Random(random.nextLong()), thinkMillis).think();
            }
        };
    }

    /** One of them. */
    record Caller(Simulation simulation, Random random, double thinkMillis) {

        void think() {
            simulation.after(
                    thinkMillis == 0 ? 0 : exponential(random, 1e6 * thinkMillis),
                    () -> simulation.submit(this::think));
        }
    }

    private static long exponential(Random random, double mean) {
        return (long) (-Math.log(1 - random.nextDouble()) * mean);
    }
}
