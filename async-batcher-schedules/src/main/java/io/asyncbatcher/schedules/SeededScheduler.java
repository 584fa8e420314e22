package io.asyncbatcher.schedules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.pastalab.fray.core.ThreadContext;
import org.pastalab.fray.core.randomness.Randomness;
import org.pastalab.fray.core.scheduler.POSScheduler;
import org.pastalab.fray.core.scheduler.Scheduler;

/**
 * Two ways to choose the thread that goes on, in turns. Even seeds: Fray's partial order sampling, which changes threads
 * often. Odd seeds: threads have priorities, and now and then the first becomes the last, so that a thread may be kept
 * from going on for long. The latter is PCT but for the number of changes, which has no bound: a thread that looks again
 * and again would run for ever. Both follow from the seed alone, not from the schedules before.
 */
final class SeededScheduler extends Scheduler {

    /** After how many choices the first thread becomes the last, on average. */
    private static final int CHANGE_EVERY = 64;

    private final Seeds seeds;
    private final POSScheduler sampling;
    private final boolean samples;
    private final List<ThreadContext> order = new ArrayList<>(); // by priority

    SeededScheduler(Seeds seeds) {
        this(seeds, seeds.getRandomness());
    }

    private SeededScheduler(Seeds seeds, Randomness randomness) {
        super(randomness);
        this.seeds = seeds;
        this.sampling = new POSScheduler(randomness);
        this.samples = seeds.last() % 2 == 0;
    }

    @Override
    public ThreadContext scheduleNextOperation(List<ThreadContext> threads, Collection<ThreadContext> allThreads) {
        return samples ? sampling.scheduleNextOperation(threads, allThreads) : first(threads);
    }

    private ThreadContext first(List<ThreadContext> threads) {
        if (threads.size() == 1) {
            return threads.get(0);
        }
        for (ThreadContext thread : threads) {
            if (!order.contains(thread)) {
                order.add(nextInt() % (order.size() + 1), thread);
            }
        }
        ThreadContext first =
                order.stream().filter(threads::contains).findFirst().orElseThrow();
        if (nextInt() % CHANGE_EVERY == 0) {
            order.remove(first);
            order.add(first);
        }
        return first;
    }

    @Override
    public Scheduler nextIteration(Randomness randomness) {
        return new SeededScheduler(seeds, randomness);
    }
}
