package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PartitionScheduleTests {

    /** An adaptive answer depends on deadlines that other threads may end at any moment, between two questions as well. */
    private record Wavering(Random random) implements DispatchPolicy {

        @Override
        public long waitNanos(Moment moment) {
            return random.nextBoolean() ? 0 : 1_000_000;
        }

        @Override
        public int share(int queued) {
            return queued;
        }
    }

    @Test
    void aDecisionThatChangesFromOneQuestionToTheNextLosesNoPartition() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            VirtualTime time = new VirtualTime();
            HandRunExecutor executor = new HandRunExecutor();
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                    .partitionBy(item -> item % 3)
                    .maxBatchSize(4)
                    .concurrency(2)
                    .dispatch(DispatchMode.ADAPTIVE)
                    .time(time)
                    .executor(executor)
                    .build();
            setPolicy(batcher, new Wavering(random));
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int item = 0; item < 20; item++) {
                futures.add(batcher.process(item));
                if (random.nextInt(3) == 0) {
                    executor.runAll();
                }
            }
            for (int millis = 0; millis <= 11; millis++) {
                executor.runAll();
                time.advance(Duration.ofMillis(1));
            }
            executor.runAll();

            assertThat(futures).as("seed %d", seed).allMatch(CompletableFuture::isDone);
            assertThat(batcher.stop(false)).isCompleted();
        }
    }

    static void setPolicy(AsyncBatcher<?, ?> batcher, DispatchPolicy policy) throws Exception {
        Object changes = field(batcher, "changes").get(batcher);
        Object dispatcher = field(changes, "dispatcher").get(changes);
        Object decision = field(dispatcher, "decision").get(dispatcher);
        field(decision, "policy").set(decision, policy);
    }

    private static Field field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
