package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long items wait that are to be tried again and say no delay of their own, and that nobody tries without end. */
@Timeout(30)
class RetryDelayTests {

    private static final Duration FLOOR = Duration.ofMillis(1);
    private static final Duration TICK = Duration.ofNanos(100_000);

    private final VirtualTime time = new VirtualTime();
    private final List<Long> calls = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    /** Every item fails until its batcher has no more tries for it; the times of the calls are kept. */
    private AsyncBatcher<Integer, Integer> failing(Duration after, int maxAttempts, Duration first, Duration most) {
        return AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(batch -> {
                    calls.add(time.nanoTime());
                    sizes.add(batch.size());
                    return batch.stream()
                            .map(item -> Outcome.<Integer>retry(new IllegalStateException("thrown by a test"), after))
                            .toList();
                }))
                .maxAttempts(maxAttempts)
                .retryDelay(first)
                .maxRetryDelay(most)
                .dispatch(DispatchMode.NATURAL)
                .time(time)
                .executor(Runnable::run)
                .build();
    }

    private void pass(Duration span) {
        for (long left = span.toNanos(); left > 0; left -= TICK.toNanos()) {
            time.advance(TICK);
        }
    }

    private List<Long> waits() {
        return LongStream.range(1, calls.size())
                .mapToObj(i -> calls.get((int) i) - calls.get((int) i - 1))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 999_999})
    void aRetryIsDelayedByAMillisecondAtLeast(long nanos) {
        failing(Duration.ofNanos(nanos), Integer.MAX_VALUE, Duration.ofNanos(Math.max(0, nanos)), Duration.ZERO)
                .process(1);

        pass(Duration.ofMillis(50));

        assertThat(calls).hasSize(51);
        assertThat(waits()).containsOnly(FLOOR.toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 999_999})
    void aRateLimitHoldsForAMillisecondAtLeast(long nanos) {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    calls.add(time.nanoTime());
                    throw new RateLimitedException(Duration.ofNanos(nanos));
                })
                .dispatch(DispatchMode.NATURAL)
                .concurrency(4)
                .time(time)
                .executor(Runnable::run)
                .build();
        ByHand.submit(batcher, 1, 3);

        pass(Duration.ofMillis(50));

        assertThat(calls).hasSize(51);
        assertThat(waits()).containsOnly(FLOOR.toNanos());
    }

    @Test
    void theDelayIsDoubledWithEachAttemptUpToItsLimitAndScatteredByAFifth() {
        CompletableFuture<Integer> future = failing(Duration.ZERO, 9, Duration.ofMillis(100), Duration.ofSeconds(1))
                .process(1);

        time.advance(Duration.ofMinutes(1));

        assertThat(future).isCompletedExceptionally();
        List<Long> waits = waits();
        assertThat(waits).hasSize(8);
        long expected = 100;
        for (long wait : waits) {
            assertThat(wait / 1e6).isBetween(0.8 * expected, Math.min(1_000, 1.2 * expected));
            expected = Math.min(2 * expected, 1_000);
        }
        assertThat(waits.subList(4, 8))
                .as("scattered")
                .satisfies(late -> assertThat(new HashSet<>(late)).hasSizeGreaterThan(1));
    }

    @Test
    void aRunOnVirtualTimeIsTheSameEveryTime() {
        failing(Duration.ZERO, 9, Duration.ofMillis(100), Duration.ofSeconds(1)).process(1);
        time.advance(Duration.ofMinutes(1));
        RetryDelayTests again = new RetryDelayTests();

        again.failing(Duration.ZERO, 9, Duration.ofMillis(100), Duration.ofSeconds(1))
                .process(1);
        again.time.advance(Duration.ofMinutes(1));

        assertThat(again.calls).isEqualTo(calls);
    }

    @Test
    void theItemsOfACallComeBackTogether() {
        AsyncBatcher<Integer, Integer> batcher =
                failing(Duration.ZERO, 5, Duration.ofMillis(100), Duration.ofMinutes(1));
        batcher.pause();
        ByHand.submit(batcher, 1, 20);
        batcher.resume();

        time.advance(Duration.ofMinutes(1));

        assertThat(sizes).containsExactly(20, 20, 20, 20, 20);
    }

    @Test
    void aDelayOfItsOwnIsNeitherDoubledNorScattered() {
        failing(Duration.ofMillis(30), 4, Duration.ofSeconds(1), Duration.ofMillis(1))
                .process(1);

        time.advance(Duration.ofMinutes(1));

        assertThat(waits()).containsOnly(Duration.ofMillis(30).toNanos()).hasSize(3);
    }

    @Test
    void theLongestDelayNeverEndsAndLosesNothing() {
        AsyncBatcher<Integer, Integer> batcher = failing(
                Duration.ZERO,
                Integer.MAX_VALUE,
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE));
        CompletableFuture<Integer> future = batcher.process(1);

        time.advance(Duration.ofDays(1));

        assertThat(calls).hasSize(1);
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(batcher.stop(true)).isCompleted();
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void theDelayIsChangedWhileTheBatcherRuns() {
        AsyncBatcher<Integer, Integer> batcher =
                failing(Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO, Duration.ofMinutes(1));
        batcher.process(1);
        time.advance(FLOOR);

        batcher.reconfigure(options -> options.withRetryDelay(Duration.ofHours(1)));
        time.advance(Duration.ofMinutes(10));

        assertThat(waits())
                .hasSizeBetween(10, 16)
                .allMatch(wait -> wait <= Duration.ofMinutes(1).toNanos());
    }
}
