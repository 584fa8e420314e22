package io.asyncbatcher.simulator;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * How the batcher of a run is built and what surrounds it.
 *
 * @param options the plain options
 * @param abilities what else the builder is told
 * @param shape what the processor returns
 * @param executor how tasks of the executor run
 * @param faults what may go wrong
 * @param partitions number of partitions
 * @param kinds number of different items; 0 = all differ
 * @param quantumNanos the longest time between two looks at who waits
 */
record Settings(
        BatcherOptions options,
        Set<Ability> abilities,
        Shape shape,
        When executor,
        Set<Fault> faults,
        int partitions,
        int kinds,
        long quantumNanos) {

    /** What is told to the builder apart from the options. */
    enum Ability {
        ASYNC,
        WEIGHS,
        PARTITIONS,
        PRIORITIES,
        ISOLATES,
        COMPLETION_EXECUTOR,
        LISTENER,
        CONTEXTS,
        /** Each future has a continuation from its beginning. */
        CONTINUATIONS
    }

    enum Shape {
        LIST,
        KEYED,
        CONSUMING,
        OUTCOMES,
        STREAMING
    }

    enum When {
        /** When the seed says so, in any order. */
        BY_HAND,
        /** At once, on the thread that hands them over. */
        INLINE,
        MIXED
    }

    private static final BatcherOptions PLAIN = BatcherOptions.defaults().withName("simulated");

    /** The changes of options that a run begins with and makes later: one line an option. */
    private static BatcherOptions change(BatcherOptions options, int which, boolean blocks, SplittableRandom random) {
        return switch (which) {
            case 0 -> options.withMaxBatchSize(pick(random, 1, 2, 3, 3, 5, 8, -1));
            case 1 -> options.withMaxQueueTime(Duration.ofMillis(pick(random, 0, 3, 5, 10, 10, 25)));
            case 2 -> options.withConcurrency(pick(random, 1, 1, 2, 3, -1));
            case 3 -> options.withMaxQueueSize(pick(random, 1, 2, 4, 8, 20, -1));
            case 4 ->
                options.withOverflow(random.nextInt(4) == 0 ? OverflowPolicy.BLOCK : OverflowPolicy.REJECT)
                        .withMaxBlockTime(Duration.ofMillis(blocks ? pick(random, 0, 5) : 0));
            case 5 -> options.withDispatch(one(random, DispatchMode.values()));
            case 6 -> options.withMaxAttempts(pick(random, 1, 2, 3, 4));
            case 7 ->
                options.withBatchTimeout(random.nextInt(3) > 0 ? null : Duration.ofMillis(pick(random, 2, 6, 12, 30)));
            case 8 ->
                random.nextInt(3) > 0
                        ? options.withRateLimit(null)
                        : options.withRateLimit(pick(random, 1, 1, 2, 3), Duration.ofMillis(pick(random, 5, 15, 40)));
            case 9 -> options.withDeduplicate(random.nextInt(3) == 0);
            case 10 -> options.withMaxBatchWeight(pick(random, 4, 6, 12, -1));
            case 11 -> options.withShedLoad(random.nextInt(2) == 0);
            case 12 -> options.withPriorityAgeing(Duration.ofMillis(pick(random, 1, 3, 10, 30, 1000)));
            // Hooks: itemTimeout, retryDelay with maxRetryDelay.
            default -> throw new IllegalArgumentException();
        };
    }

    private static final int CHANGES = 13;
    private static final int OF_WEIGHT = 10;

    static Settings of(SplittableRandom random) {
        EnumSet<Ability> abilities = EnumSet.noneOf(Ability.class);
        add(random, abilities, Ability.ASYNC, 40);
        add(random, abilities, Ability.WEIGHS, 25);
        add(random, abilities, Ability.PARTITIONS, 40);
        add(random, abilities, Ability.PRIORITIES, 35);
        add(random, abilities, Ability.ISOLATES, 25);
        add(random, abilities, Ability.COMPLETION_EXECUTOR, 35);
        add(random, abilities, Ability.LISTENER, 75);
        add(random, abilities, Ability.CONTEXTS, 60);
        add(random, abilities, Ability.CONTINUATIONS, 75);
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        int percent = pick(random, 0, 6, 12, 12, 25, 40);
        for (Fault fault : Fault.values()) {
            add(random, faults, fault, percent);
        }
        faults.remove(Fault.CONTINUATION_WAITS_FOR_MATE); // nobody else is there to settle it: see MatesRun
        BatcherOptions options = PLAIN;
        for (int i = 0; i < CHANGES; i++) {
            if (i != OF_WEIGHT || abilities.contains(Ability.WEIGHS)) {
                options = change(options, i, blocks(faults), random);
            }
        }
        return new Settings(
                options,
                abilities,
                one(
                        random,
                        Shape.LIST,
                        Shape.LIST,
                        Shape.KEYED,
                        Shape.CONSUMING,
                        Shape.OUTCOMES,
                        Shape.OUTCOMES,
                        Shape.STREAMING,
                        Shape.STREAMING),
                one(random, When.BY_HAND, When.BY_HAND, When.BY_HAND, When.INLINE, When.MIXED),
                faults,
                pick(random, 1, 2, 3, 6),
                pick(random, 0, 0, 0, 2, 4),
                pick(random, 300_000, 1_000_000, 2_000_000));
    }

    /** A thread that waits for a place must know before that it will not: nobody else would free one. */
    private static boolean blocks(Set<Fault> faults) {
        return !faults.contains(Fault.WEIGHER_REENTERS)
                && !faults.contains(Fault.PARTITIONER_REENTERS)
                && !faults.contains(Fault.PRIORITIZER_REENTERS)
                && !faults.contains(Fault.LISTENER_REENTERS);
    }

    boolean has(Fault fault) {
        return faults.contains(fault);
    }

    boolean has(Ability ability) {
        return abilities.contains(ability);
    }

    /** Other options for a living batcher. */
    BatcherOptions change(BatcherOptions now, SplittableRandom random) {
        BatcherOptions changed = now;
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int which = random.nextInt(CHANGES);
            if (which != OF_WEIGHT || has(Ability.WEIGHS)) {
                changed = change(changed, which, blocks(faults), random);
            }
        }
        return changed;
    }

    /** The same with one thing less, each. */
    List<Settings> simpler() {
        List<Settings> simpler = new ArrayList<>();
        for (Fault fault : faults) {
            EnumSet<Fault> fewer = EnumSet.copyOf(faults);
            fewer.remove(fault);
            simpler.add(new Settings(options, abilities, shape, executor, fewer, partitions, kinds, quantumNanos));
        }
        for (Ability ability : abilities) {
            EnumSet<Ability> fewer = EnumSet.copyOf(abilities);
            fewer.remove(ability);
            BatcherOptions without = ability == Ability.WEIGHS ? options.withMaxBatchWeight(-1) : options;
            simpler.add(new Settings(without, fewer, shape, executor, faults, partitions, kinds, quantumNanos));
        }
        simpler.add(new Settings(options, abilities, Shape.LIST, executor, faults, partitions, kinds, quantumNanos));
        simpler.add(new Settings(options, abilities, shape, When.BY_HAND, faults, partitions, kinds, quantumNanos));
        simpler.add(new Settings(options, abilities, shape, executor, faults, 1, kinds, quantumNanos));
        simpler.add(new Settings(options, abilities, shape, executor, faults, partitions, 0, quantumNanos));
        for (UnaryOperator<BatcherOptions> plain : PLAINER) {
            simpler.add(new Settings(
                    plain.apply(options), abilities, shape, executor, faults, partitions, kinds, quantumNanos));
        }
        simpler.removeIf(this::equals);
        return simpler;
    }

    private static final List<UnaryOperator<BatcherOptions>> PLAINER = List.of(
            options -> options.withMaxBatchSize(PLAIN.maxBatchSize()),
            options -> options.withMaxQueueTime(PLAIN.maxQueueTime()),
            options -> options.withConcurrency(PLAIN.concurrency()),
            options -> options.withMaxQueueSize(PLAIN.maxQueueSize()),
            options -> options.withOverflow(PLAIN.overflow()),
            options -> options.withMaxBlockTime(PLAIN.maxBlockTime()),
            options -> options.withDispatch(PLAIN.dispatch()),
            options -> options.withMaxAttempts(PLAIN.maxAttempts()),
            options -> options.withBatchTimeout(PLAIN.batchTimeout()),
            options -> options.withRateLimit(PLAIN.rateLimit()),
            options -> options.withDeduplicate(false),
            options -> options.withShedLoad(false),
            options -> options.withPriorityAgeing(PLAIN.priorityAgeing()),
            options -> options.withMaxBatchWeight(-1));

    private static <E extends Enum<E>> void add(SplittableRandom random, EnumSet<E> set, E value, int percent) {
        if (random.nextInt(100) < percent) {
            set.add(value);
        }
    }

    @SafeVarargs
    static <E> E one(SplittableRandom random, E... values) {
        return values[random.nextInt(values.length)];
    }

    static int pick(SplittableRandom random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
