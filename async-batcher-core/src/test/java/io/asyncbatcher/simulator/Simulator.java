package io.asyncbatcher.simulator;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs plans, and tells of one that fails as shortly as possible. */
final class Simulator {

    private static final Logger LOGGER = Logger.getLogger("io.asyncbatcher");

    private static final Remains REMAINS = new Remains();

    private Simulator() {}

    /** Null = everything is as promised. */
    static String failure(long seed) {
        Plan plan = Plan.of(seed);
        World world = new World(plan, false);
        current = seed;
        BEGUN.incrementAndGet();
        running = world;
        Violation violation = world.run();
        if (violation != null) {
            return story(seed, plan, violation);
        }
        REMAINS.add(seed, world);
        return null;
    }

    /** The story of the first run that fails; null = everything is as promised. */
    static String firstFailure(long first, long runs) {
        Thread watchdog = watch(Thread.currentThread());
        try {
            for (long seed = first; seed - first < runs; seed++) {
                String failure = failure(seed);
                if (failure == null && (seed - first) % 1_000 == 999) {
                    failure = REMAINS.look();
                }
                if (failure != null) {
                    return failure;
                }
            }
            return REMAINS.look();
        } finally {
            watchdog.interrupt();
        }
    }

    private static String story(long seed, Plan plan, Violation violation) {
        Plan smallest = new Shrinker(smaller -> {
                    Violation other = violation(seed, smaller, false);
                    return other != null && Objects.equals(other.rule(), violation.rule());
                })
                .shrink(plan);
        World world = new World(smallest, true);
        Violation last = world.run();
        StringBuilder story =
                new StringBuilder("seed " + seed + ": " + violation.rule() + ": " + violation.detail() + "\nin short ("
                        + smallest.events().size() + " of " + plan.events().size() + " events):\n");
        story.append(world.trace());
        for (Throwable cause = last == null ? null : last.cause(); cause != null; cause = cause.getCause()) {
            story.append(cause).append('\n');
            for (StackTraceElement element : cause.getStackTrace()) {
                story.append("    at ").append(element).append('\n');
            }
        }
        return story.toString();
    }

    /** What throwing listeners make the engine log is of no interest. */
    static void quiet(boolean quiet) {
        LOGGER.setLevel(quiet ? Level.OFF : null);
    }

    private static final AtomicLong BEGUN = new AtomicLong();
    private static volatile long current;
    private static volatile World running;

    /** A run that hangs is told of, and its thread is interrupted. */
    private static Thread watch(Thread thread) {
        Thread watchdog = new Thread(
                () -> {
                    for (long last = -1; thread.isAlive(); ) {
                        long now = BEGUN.get();
                        if (now == last && now > 0) {
                            System.err.println("seed " + current + " hangs");
                            for (StackTraceElement element : thread.getStackTrace()) {
                                System.err.println("    at " + element);
                            }
                            World world = running;
                            if (world != null) {
                                world.processor.endJoin();
                            }
                            thread.interrupt();
                        }
                        last = now;
                        try {
                            Thread.sleep(5_000);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "simulator-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        return watchdog;
    }

    private static Violation violation(long seed, Plan plan, boolean traced) {
        current = seed;
        BEGUN.incrementAndGet();
        World world = new World(plan, traced);
        running = world;
        return world.run();
    }

    /** For trying by hand: {@code first count}; each rule's first failure is told. */
    public static void main(String[] arguments) {
        quiet(true);
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        int most = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        Map<String, Integer> rules = new TreeMap<>();
        watch(Thread.currentThread());
        long begin = System.nanoTime();
        for (long seed = first; seed < first + count; seed++) {
            Violation violation = violation(seed, Plan.of(seed), false);
            if (violation != null) {
                if (most == 0) {
                    System.out.println("found after " + (seed - first + 1) + " runs: " + violation.rule() + ": "
                            + violation.detail());
                    return;
                }
                if (rules.merge(violation.rule(), 1, Integer::sum) == 1 && rules.size() <= most) {
                    System.out.println("run " + (seed - first));
                    System.out.println(failure(seed));
                }
            }
        }
        System.out.println(rules);
        System.out.println(count + " runs in " + (System.nanoTime() - begin) / 1_000_000 + " ms, "
                + ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000
                + " ms of this thread");
    }
}
