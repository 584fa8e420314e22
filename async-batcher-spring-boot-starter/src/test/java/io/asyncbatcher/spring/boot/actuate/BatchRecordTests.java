package io.asyncbatcher.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.DispatchReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchRecordTests {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private long nanos = Long.MAX_VALUE - 1_000; // so that times also cross the overflow
    private Instant now = NOON;
    private final BatchRecord record = new BatchRecord(() -> now, () -> nanos);

    private BatchContext begin(int size) {
        return record.onBatch("texts", DispatchReason.FULL, size, List.of());
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        now = now.plus(time);
    }

    private void run(int size, BatchOutcome outcome, Throwable failure) {
        begin(size).onFinished(outcome, failure);
    }

    @Test
    void aBatchRunsUntilItsEnd() {
        BatchContext first = begin(3);
        pass(Duration.ofSeconds(2));
        BatchContext second = begin(3);
        pass(Duration.ofSeconds(1));
        assertThat(record.running())
                .containsExactly(
                        new BatchRecord.Running(3, Duration.ofSeconds(3)),
                        new BatchRecord.Running(3, Duration.ofSeconds(1)));

        second.onFinished(BatchOutcome.SUCCESS, null);
        assertThat(record.running()).containsExactly(new BatchRecord.Running(3, Duration.ofSeconds(3)));

        first.onFinished(BatchOutcome.ABORTED, null);
        assertThat(record.running()).isEmpty();
    }

    @Test
    void theTimesOfTheLastBatchesAreKept() {
        for (int batch = 1; batch <= 40; batch++) {
            BatchContext running = begin(1);
            pass(Duration.ofMillis(batch));
            running.onFinished(BatchOutcome.SUCCESS, null);
        }
        assertThat(record.recentDurations())
                .hasSize(32)
                .startsWith(Duration.ofMillis(9))
                .endsWith(Duration.ofMillis(40));
    }

    @Test
    void sizesAreCountedUpToPowersOfTwo() {
        List.of(1, 1, 2, 3, 4, 5, 8, 9, 100, 128, 129, Integer.MAX_VALUE)
                .forEach(size -> run(size, BatchOutcome.SUCCESS, null));

        assertThat(record.sizes())
                .isEqualTo(Map.of(1L, 2L, 2L, 1L, 4L, 2L, 8L, 2L, 16L, 1L, 128L, 2L, 256L, 1L, 1L << 31, 1L));
    }

    @Test
    void outcomesAreCounted() {
        run(1, BatchOutcome.SUCCESS, null);
        run(1, BatchOutcome.SUCCESS, null);
        run(1, BatchOutcome.FAILURE, new IllegalStateException());

        assertThat(record.outcomes())
                .isEqualTo(Map.of(
                        BatchOutcome.SUCCESS, 2L,
                        BatchOutcome.PARTIAL, 0L,
                        BatchOutcome.FAILURE, 1L,
                        BatchOutcome.ABORTED, 0L));
    }

    @Test
    void ofAFailureTheClassIsKeptAndNothingElse() {
        run(2, BatchOutcome.FAILURE, new IllegalStateException("secret"));
        pass(Duration.ofSeconds(1));
        run(3, BatchOutcome.PARTIAL, null);

        assertThat(record.recentFailures())
                .containsExactly(
                        new BatchRecord.Failure(NOON, BatchOutcome.FAILURE, 2, IllegalStateException.class.getName()),
                        new BatchRecord.Failure(NOON.plusSeconds(1), BatchOutcome.PARTIAL, 3, null));
    }

    @Test
    void onlyTheLastFailuresAreKept() {
        for (int size = 1; size <= 15; size++) {
            run(size, BatchOutcome.FAILURE, new IllegalStateException());
        }
        assertThat(record.recentFailures())
                .extracting(BatchRecord.Failure::size)
                .containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }

    @Test
    void theEndOfTheLastBatchIsATimeOfDay() {
        assertThat(record.lastFinished()).isNull();

        run(1, BatchOutcome.SUCCESS, null);
        pass(Duration.ofNanos(TimeUnit.HOURS.toNanos(1)));

        assertThat(record.lastFinished()).isEqualTo(NOON);
    }
}
