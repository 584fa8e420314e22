package io.asyncbatcher.simulator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All that a run consists of. Everything random in an event, the user code that it calls included, comes from the event's
 * own seed, so that the others stay what they are where one is left out.
 *
 * @param settings the batcher
 * @param events what happens, in turn
 * @param endSeed of how it all ends
 */
record Plan(Settings settings, List<Event> events, long endSeed) {

    /**
     * One thing that happens.
     *
     * @param step what
     * @param seed of all that is random in it
     */
    record Event(Step step, long seed) {}

    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Settings settings = Settings.of(random);
        EnumMap<Step, Integer> weights = new EnumMap<>(Step.class);
        int sum = 0;
        for (Step step : Step.values()) {
            int weight = step == Step.SUBMIT || random.nextInt(4) > 0 ? step.weight : 0;
            weights.put(step, weight);
            sum += weight;
        }
        int length = 10 + random.nextInt(70);
        List<Event> events = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            events.add(new Event(any(weights, random.nextInt(sum)), random.nextLong()));
        }
        return new Plan(settings, events, random.nextLong());
    }

    private static Step any(EnumMap<Step, Integer> weights, int at) {
        int rest = at;
        for (Step step : Step.values()) {
            rest -= weights.get(step);
            if (rest < 0) {
                return step;
            }
        }
        throw new AssertionError();
    }

    Plan without(int from, int to) {
        List<Event> fewer = new ArrayList<>(events.subList(0, from));
        fewer.addAll(events.subList(to, events.size()));
        return new Plan(settings, fewer, endSeed);
    }

    Plan with(Settings other) {
        return new Plan(other, events, endSeed);
    }
}
