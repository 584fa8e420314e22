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
                        Duration.ofSeconds(1),
                        -1,
                        false,
                        null,
                        null,
                        false,
                        Duration.ofSeconds(1),
                        3,
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        null,
                        DispatchMode.FIXED));
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
    void otherNamesAreRejected(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withName(name))
                .withMessageContaining("name");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE})
    void limitsBelowOneAreRejectedNamingOptionValueAndRange(int limit) {
        List<UnaryOperator<BatcherOptions>> changes = List.of(
                options -> options.withMaxBatchSize(limit),
                options -> options.withConcurrency(limit),
                options -> options.withMaxQueueSize(limit),
                options -> options.withMaxBatchWeight(limit));
        List<String> names = List.of("maxBatchSize", "concurrency", "maxQueueSize", "maxBatchWeight");

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
    void negativeTimesAreRejectedNamingOptionValueAndRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withMaxQueueTime(Duration.ofNanos(-1)))
                .withMessageContaining("maxQueueTime")
                .withMessageContaining("PT-0.000000001S")
                .withMessageContaining("zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withMaxBlockTime(Duration.ofDays(-1)))
                .withMessageContaining("maxBlockTime");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatcherOptions.defaults().withRetryDelay(Duration.ofNanos(-1)))
                .withMessageContaining("retryDelay")
                .withMessageContaining("zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hand.builder().maxRetryDelay(Duration.ofNanos(-1)))
                .withMessageContaining("maxRetryDelay");
    }

    @Test
    void theBuilderRejectsTheSame() {
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
    void nullsAreRejected() {
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

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void triesBelowOneAreRejectedNamingOptionValueAndRange(int maxAttempts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hand.builder().maxAttempts(maxAttempts).build())
                .withMessageContaining("maxAttempts")
                .withMessageContaining(String.valueOf(maxAttempts))
                .withMessageContaining("at least 1");
    }

    @Test
    void aBatchTimeoutIsLongerThanZero() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> hand.builder().batchTimeout(timeout).build())
                    .withMessageContaining("batchTimeout")
                    .withMessageContaining(timeout.toString())
                    .withMessageContaining("zero");
        }
        assertThat(BatcherOptions.defaults().withBatchTimeout(null).batchTimeout())
                .isNull();
    }

    @Test
    void anItemTimeoutIsLongerThanZero() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> hand.builder().itemTimeout(timeout).build())
                    .withMessageContaining("itemTimeout")
                    .withMessageContaining(timeout.toString())
                    .withMessageContaining("zero");
        }
        assertThat(BatcherOptions.defaults()
                        .withItemTimeout(Duration.ofSeconds(1))
                        .withItemTimeout(null))
                .isEqualTo(BatcherOptions.defaults());
    }

    @Test
    void prioritiesAgeInSomeTime() {
        for (Duration ageing : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> hand.builder().priorityAgeing(ageing))
                    .withMessageContaining("priorityAgeing")
                    .withMessageContaining(ageing.toString())
                    .withMessageContaining("longer than zero");
        }
    }

    @Test
    void aRateLimitAllowsSomethingInSomeTime() {
        for (int batches : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> hand.builder()
                            .rateLimit(batches, Duration.ofSeconds(1))
                            .build())
                    .withMessageContaining("rateLimit")
                    .withMessageContaining(String.valueOf(batches))
                    .withMessageContaining("at least 1");
        }
        for (Duration per : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> hand.builder().rateLimit(1, per).build())
                    .withMessageContaining("rateLimit")
                    .withMessageContaining(per.toString())
                    .withMessageContaining("zero");
        }
        assertThat(BatcherOptions.defaults()
                        .withRateLimit(1, Duration.ofNanos(1))
                        .withRateLimit(null)
                        .rateLimit())
                .isNull();
    }

    @Test
    void aWeightThatIsOutOfRangeIsRejectedByTheBuilderToo() {
        for (long weight : new long[] {0, -2, Long.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            hand.builder().maxBatchWeight(weight, item -> 1).build())
                    .withMessageContaining("maxBatchWeight")
                    .withMessageContaining(String.valueOf(weight))
                    .withMessageContaining("-1");
        }
        for (long weight : new long[] {-1, 1, Long.MAX_VALUE}) {
            assertThat(hand.builder()
                            .maxBatchWeight(weight, item -> 1)
                            .build()
                            .options()
                            .maxBatchWeight())
                    .isEqualTo(weight);
        }
    }

    @Test
    void functionsAndTimesOfAbilitiesAreNotNull() {
        AsyncBatcher.Builder<Integer, Integer> builder = hand.builder();

        assertThatNullPointerException().isThrownBy(() -> builder.maxBatchWeight(1, null));
        assertThatNullPointerException().isThrownBy(() -> builder.partitionBy(null));
        assertThatNullPointerException().isThrownBy(() -> builder.prioritizeBy(null));
        assertThatNullPointerException().isThrownBy(() -> builder.priorityAgeing(null));
        assertThatNullPointerException().isThrownBy(() -> builder.batchTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> builder.itemTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> builder.isolateFailures(null));
        assertThatNullPointerException().isThrownBy(() -> builder.rateLimit(1, null));
        assertThatNullPointerException().isThrownBy(() -> builder.dispatch(null));
        assertThatNullPointerException().isThrownBy(() -> Outcome.retry(null));
        assertThatNullPointerException().isThrownBy(() -> Outcome.retry(new IllegalStateException(), null));
        assertThatNullPointerException().isThrownBy(() -> new RateLimitedException(null));
    }

    @Test
    void everyAbilityIsShownInTheOptions() {
        BatcherOptions options = hand.builder()
                .maxBatchWeight(7, item -> 1)
                .deduplicate()
                .batchTimeout(Duration.ofSeconds(3))
                .itemTimeout(Duration.ofSeconds(6))
                .shedLoad(true)
                .priorityAgeing(Duration.ofSeconds(2))
                .maxAttempts(4)
                .retryDelay(Duration.ofSeconds(1))
                .maxRetryDelay(Duration.ofSeconds(8))
                .rateLimit(5, Duration.ofMinutes(1))
                .dispatch(DispatchMode.NATURAL)
                .build()
                .options();

        assertThat(options)
                .isEqualTo(BatcherOptions.defaults()
                        .withMaxBatchSize(5)
                        .withMaxBatchWeight(7)
                        .withDeduplicate(true)
                        .withBatchTimeout(Duration.ofSeconds(3))
                        .withItemTimeout(Duration.ofSeconds(6))
                        .withShedLoad(true)
                        .withPriorityAgeing(Duration.ofSeconds(2))
                        .withMaxAttempts(4)
                        .withRetryDelay(Duration.ofSeconds(1))
                        .withMaxRetryDelay(Duration.ofSeconds(8))
                        .withRateLimit(5, Duration.ofMinutes(1))
                        .withDispatch(DispatchMode.NATURAL));
    }

    @Test
    void allPlainSettingsMayBeSetTogether() {
        BatcherOptions options = BatcherOptions.defaults().withName("orders").withMaxBatchSize(7);
        AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.builder(batch -> batch);

        assertThat(builder.options(options)).isSameAs(builder);
        assertThat(builder.options()).isEqualTo(options);
    }
}
