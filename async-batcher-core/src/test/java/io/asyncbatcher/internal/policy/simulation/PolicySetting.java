package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.internal.policy.AdaptivePolicy;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import io.asyncbatcher.internal.policy.FixedPolicy;
import io.asyncbatcher.internal.policy.NaturalPolicy;
import io.asyncbatcher.internal.policy.SlotRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A policy and its limits, and the two engines to run it in; the real one knows no mode for some. */
record PolicySetting(
        String name,
        @Nullable DispatchMode mode,
        Supplier<DispatchPolicy> policy,
        int maxBatchSize,
        Duration maxQueueTime) {

    private static final Duration DEFAULT_LINGER = BatcherOptions.defaults().maxQueueTime();

    static final PolicySetting NATURAL =
            new PolicySetting("natural", DispatchMode.NATURAL, NaturalPolicy::new, PolicyCases.LARGEST, Duration.ZERO);
    static final PolicySetting ADAPTIVE = new PolicySetting(
            "adaptive", DispatchMode.ADAPTIVE, AdaptivePolicy::new, PolicyCases.LARGEST, DEFAULT_LINGER);

    /** The settings that somebody might have chosen: the best one in hindsight is the measure. */
    static List<PolicySetting> fixed() {
        List<PolicySetting> settings = new ArrayList<>();
        for (int size : new int[] {4, 16, PolicyCases.LARGEST}) {
            for (int micros : new int[] {0, 300, 1_000, 2_000, 5_000, 10_000}) {
                settings.add(fixed(size, micros));
            }
        }
        return settings;
    }

    static PolicySetting fixed(int size, int micros) {
        return new PolicySetting(
                "fixed %d / %s ms".formatted(size, micros / 1e3),
                DispatchMode.FIXED,
                FixedPolicy::new,
                size,
                Duration.ofNanos(1_000L * micros));
    }

    /** Dispatches when so many are queued, however long that takes. */
    static PolicySetting controlLimit(int limit) {
        return new PolicySetting(
                "control limit " + limit,
                null,
                () -> new ControlLimit(limit),
                PolicyCases.LARGEST,
                Duration.ofMillis(500));
    }

    /** A rule of somebody else's, with the default options. */
    static PolicySetting rival(String name, Supplier<DispatchPolicy> policy) {
        return new PolicySetting(name, null, policy, PolicyCases.LARGEST, DEFAULT_LINGER);
    }

    /** The adaptive policy with another rule for the number of slots. */
    static PolicySetting slots(String name, Supplier<SlotRule> slots) {
        return new PolicySetting(
                name, null, () -> new AdaptivePolicy(slots.get()), PolicyCases.LARGEST, DEFAULT_LINGER);
    }

    private record ControlLimit(int limit) implements DispatchPolicy {

        @Override
        public long waitNanos(Moment moment) {
            return moment.queued() >= limit ? 0 : NEVER;
        }

        @Override
        public int share(int queued) {
            return queued;
        }
    }

    Station reference(Simulation simulation) {
        return new ReferenceEngine(simulation, policy.get(), maxBatchSize, maxQueueTime.toNanos());
    }

    /** The real engine on real threads. */
    Station onThreads(Simulation simulation) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    RealTime.take((long) simulation.workNanos(batch.size()));
                    return batch;
                })
                .dispatch(Objects.requireNonNull(mode))
                .maxBatchSize(maxBatchSize)
                .maxQueueTime(maxQueueTime)
                .maxQueueSize(-1)
                .concurrency(simulation.slots())
                .build();
        return done -> batcher.process(1).thenRun(() -> simulation.after(0, done));
    }

    Station real(Simulation simulation) {
        if (mode == null) {
            return reference(simulation);
        }
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    long refusal = simulation.refusalNanos();
                    if (refusal > 0) {
                        throw new RateLimitedException(Duration.ofNanos(refusal));
                    }
                    simulation.process(batch.size(), () -> stage.complete(batch));
                    return stage;
                })
                .dispatch(mode)
                .maxBatchSize(maxBatchSize)
                .maxQueueTime(maxQueueTime)
                .maxQueueSize(-1)
                .concurrency(simulation.slots())
                .executor(Runnable::run)
                .time(simulation.time())
                .build();
        return done -> batcher.process(1).thenRun(done);
    }
}
