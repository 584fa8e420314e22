package io.asyncbatcher.schedules;

import java.util.ArrayList;
import java.util.Random;
import org.pastalab.fray.core.randomness.ControlledRandom;
import org.pastalab.fray.core.randomness.RandomnessProvider;

/** Each schedule's random numbers, from a seed of its own: the first, and then one more each time. */
final class Seeds implements RandomnessProvider {

    private long next;

    Seeds(long first) {
        next = first;
    }

    /** The seed of the numbers that were given last. */
    long last() {
        return next - 1;
    }

    @Override
    public ControlledRandom getRandomness() {
        return new ControlledRandom(new ArrayList<>(), new ArrayList<>(), new Random(next++));
    }
}
