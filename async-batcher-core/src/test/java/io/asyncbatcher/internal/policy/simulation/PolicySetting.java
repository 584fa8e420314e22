package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.policy.AdaptivePolicy;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import io.asyncbatcher.internal.policy.FixedPolicy;
import io.asyncbatcher.internal.policy.NaturalPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A policy and its limits, and the two engines to run it in. */
record PolicySetting(
        String name, DispatchMode mode, Supplier<DispatchPolicy> policy, int maxBatchSize, Duration maxQueueTime) {

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
                DispatchMode.FIXED,
                () -> new ControlLimit(limit),
                PolicyCases.LARGEST,
                Duration.ofMillis(500));
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

    Station real(Simulation simulation) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    simulation.after(simulation.serviceNanos(batch.size()), () -> stage.complete(batch));
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
