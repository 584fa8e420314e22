package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatcherOptionsTests {

    private final ByHand hand = new ByHand();

    @Test
    void theDefaultsAreThoseOfTheBuilder() {
        AsyncBatcher<Integer, Integer> batcher =
                AsyncBatcher.<Integer, Integer>builder(batch -> batch).build();

        assertThat(batcher.options())
                .isEqualTo(new BatcherOptions(
                        "batcher",
                        100,
                        Duration.ofMillis(10),
                        1,
                        10_000,
                        OverflowPolicy.REJECT,
                        Duration.ofSeconds(1)));
        assertThat(batcher.name()).isEqualTo("batcher");
        assertThat(batcher.isRunning()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "prices", "a-b_C9", "x1"})
    void namesBeginWithALetter(String name) {
        assertThat(BatcherOptions.defaults().withName(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "9a", "-a", "_a", "a b", "a.b", "ä", "a\n", "a\nb", "a{}"})
    void otherNamesAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withName(name))
                .withMessageContaining("name");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE})
    void limitsBelowOneAreRefusedNamingOptionValueAndRange(int limit) {
        List<UnaryOperator<BatcherOptions>> changes = List.of(
                options -> options.withMaxBatchSize(limit),
                options -> options.withConcurrency(limit),
                options -> options.withMaxQueueSize(limit));
        List<String> names = List.of("maxBatchSize", "concurrency", "maxQueueSize");

        for (int i = 0; i < changes.size(); i++) {
            UnaryOperator<BatcherOptions> change = changes.get(i);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> change.apply(BatcherOptions.defaults()))
                    .withMessageContaining(names.get(i))
                    .withMessageContaining(String.valueOf(limit))
                    .withMessageContaining("-1")
                    .withMessageContaining("1");
        }
    }

    @Test
    void minusOneAndOneAreInRange() {
        for (int limit : new int[] {-1, 1, Integer.MAX_VALUE}) {
            BatcherOptions options = BatcherOptions.defaults()
                    .withMaxBatchSize(limit)
                    .withConcurrency(limit)
                    .withMaxQueueSize(limit);

            assertThat(List.of(options.maxBatchSize(), options.concurrency(), options.maxQueueSize()))
                    .containsOnly(limit);
        }
    }

    @Test
    void negativeTimesAreRefusedNamingOptionValueAndRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withMaxQueueTime(Duration.ofNanos(-1)))
                .withMessageContaining("maxQueueTime")
                .withMessageContaining("PT-0.000000001S")
                .withMessageContaining("zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withMaxBlockTime(Duration.ofDays(-1)))
                .withMessageContaining("maxBlockTime");
    }

    @Test
    void theBuilderRefusesTheSame() {
        AsyncBatcher.Builder<Integer, Integer> builder = hand.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxBatchSize(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.concurrency(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxQueueSize(-2).build());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.name("9").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxQueueTime(Duration.ofMillis(-1)).build());
    }

    @Test
    void nullsAreRefused() {
        AsyncBatcher.Builder<Integer, Integer> builder = hand.builder();

        assertThatNullPointerException().isThrownBy(() -> AsyncBatcher.builder(null));
        assertThatNullPointerException().isThrownBy(() -> AsyncBatcher.asyncBuilder(null));
        assertThatNullPointerException().isThrownBy(() -> builder.name(null));
        assertThatNullPointerException().isThrownBy(() -> builder.maxQueueTime(null));
        assertThatNullPointerException().isThrownBy(() -> builder.overflow(null));
        assertThatNullPointerException().isThrownBy(() -> builder.maxBlockTime(null));
        assertThatNullPointerException().isThrownBy(() -> builder.executor(null));
        assertThatNullPointerException().isThrownBy(() -> builder.completionExecutor(null));
        assertThatNullPointerException().isThrownBy(() -> builder.listener(null));
        assertThatNullPointerException().isThrownBy(() -> builder.time(null));
        assertThatNullPointerException().isThrownBy(() -> builder.options(null));
    }

    @Test
    void theLongestDurationsAreNoProblem() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxQueueTime(longest)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(longest)
                .build();

        ByHand.submit(batcher, 1, 6);
        hand.time.advance(Duration.ofDays(1));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5));
        assertThat(batcher.stop(longest)).isNotDone();
        hand.executor.runAll();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aBuilderCanBeUsedAgain() {
        AsyncBatcher.Builder<Integer, Integer> builder = hand.builder().name("first");
        AsyncBatcher<Integer, Integer> first = builder.build();
        AsyncBatcher<Integer, Integer> second = builder.name("second").build();

        ByHand.submit(first, 1, 5);
        first.stop(true);

        assertThat(first.name()).isEqualTo("first");
        assertThat(second.name()).isEqualTo("second");
        assertThat(second.isRunning()).isTrue();
    }
}
