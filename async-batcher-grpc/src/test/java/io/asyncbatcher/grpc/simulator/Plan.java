package io.asyncbatcher.grpc.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All that a run consists of. Everything random in an event comes from the event's own seed, so that the others stay what they
 * are where one is left out.
 *
 * @param settings the clients and workers
 * @param events what happens, in order
 * @param endSeed of how it all ends, and of gRPC's timers
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
        List<Step> steps = new ArrayList<>();
        for (Step step : Step.values()) {
            int times = step == Step.SUBMIT ? 1 : Settings.one(random, 0, 1, 1, 1, 1, 1, 1, 5);
            steps.addAll(Collections.nCopies(times * step.weight, step));
        }
        int length = 20 + random.nextInt(100);
        List<Event> events = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            events.add(new Event(steps.get(random.nextInt(steps.size())), random.nextLong()));
        }
        return new Plan(settings, events, random.nextLong());
    }

    Plan without(int from, int to) {
        List<Event> fewer = new ArrayList<>(events.subList(0, from));
        fewer.addAll(events.subList(to, events.size()));
        return new Plan(settings, fewer, endSeed);
    }
}
