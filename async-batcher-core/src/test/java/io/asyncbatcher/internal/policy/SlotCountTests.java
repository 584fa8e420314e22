package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Limits;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The number of slots that {@link SlotCount} settles on, by the processor and the load. */
class SlotCountTests {

    private static final double CALL = Duration.ofMillis(10).toNanos();
    private static final double ITEM = Duration.ofNanos(100_000).toNanos();

    private final SlotCount rule = new SlotCount();
    private final Runs runs = new Runs(new ServiceTimeModel());
    private final PriorityQueue<Call> calls = new PriorityQueue<>(Comparator.comparingLong(Call::endNanos));
    private long now;
    private int items;

    /** How many times as long a call takes beside others, by how many run. */
    private DoubleUnaryOperator slowness = running -> 1;

    /** Whether the processor rejects a call, by how many run. */
    private IntPredicate rejects = running -> false;

    private long holdNanos;
    private int mostRunning;

    private record Call(BatchRun run, long endNanos) {}

    private static double expectedNanos(double size) {
        return CALL + ITEM * size;
    }

    /** So many items, each queued again as soon as its call has ended, in so many batches. */
    private void load(int inside, int batches) {
        for (int ended = 0; ended < batches; ended++) {
            while (runs.count() < rule.slots() && items < inside) {
                begin(inside);
            }
            Call next = calls.remove();
            now = Math.max(now, next.endNanos);
            items -= next.run.items();
            runs.ended(now, next.run);
            rule.ended(now, next.run, runs.beside(now, next.run), inside - items, SlotCountTests::expectedNanos);
        }
    }

    private void begin(int inside) {
        int queued = inside - items;
        int size = (int) Math.min(100, Math.ceil((double) queued / (rule.slots() - runs.count())));
        BatchRun run = runs.began(now, size);
        rule.began(run, inside);
        if (rejects.test(run.running())) {
            runs.ended(now, run);
            rule.rejected(now, run, holdNanos);
            now += holdNanos;
            return;
        }
        mostRunning = Math.max(mostRunning, run.running());
        items += size;
        calls.add(new Call(run, now + (long) (expectedNanos(size) * slowness.applyAsDouble(run.running()))));
    }

    @Test
    void itBeginsWithFourSlotsOrTheLimit() {
        assertThat(rule.slots()).isEqualTo(4);

        rule.configure(100, 3);

        assertThat(rule.slots()).isEqualTo(3);
    }

    @Test
    void allSlotsAreUsedWhereCallsDoNotMindEachOther() {
        rule.configure(100, 32);

        load(2_000, 600);

        assertThat(rule.slots()).isBetween(27, 32);
    }

    @Test
    void noMoreThanTheLimitAreTried() {
        rule.configure(100, 6);

        load(2_000, 600);

        assertThat(mostRunning).isEqualTo(6);
    }

    @Test
    void withoutALimitAsManyAsPayAreUsed() {
        rule.configure(Limits.NONE, Limits.NONE);

        load(2_000, 2_000);

        assertThat(rule.slots()).isGreaterThan(32);
    }

    @Test
    void oneSlotIsLeftWhereCallsContend() {
        rule.configure(100, 32);
        slowness = running -> running * running;

        load(200, 1_000);

        assertThat(rule.slots()).isLessThanOrEqualTo(2);
    }

    @Test
    void asManyAsThereAreCoresAreUsed() {
        rule.configure(100, 32);
        slowness = running -> Math.max(1, running / 8);

        load(2_000, 1_500);

        assertThat(rule.slots()).isGreaterThanOrEqualTo(7);
    }

    @Test
    void fewerAreUsedThanWereRejected() {
        rule.configure(100, 32);
        holdNanos = Duration.ofMillis(100).toNanos();
        rejects = running -> running > 10;

        load(2_000, 300);

        assertThat(rule.slots()).isBetween(7, 10);
    }

    @Test
    void whatWasRejectedIsTriedAgainLater() {
        rule.configure(100, 32);
        holdNanos = Duration.ofMillis(100).toNanos();
        rejects = running -> running > 10;
        load(2_000, 300);
        rejects = running -> false;

        load(2_000, 4_000);

        assertThat(rule.slots()).isGreaterThan(20);
    }

    @Test
    void aLowerLimitHoldsAtOnceAndAHigherOneIsUsedSoon() {
        rule.configure(100, 16);
        load(2_000, 400);

        rule.configure(100, 5);
        assertThat(rule.slots()).isEqualTo(5);
        load(2_000, 100);

        rule.configure(100, 20);
        load(2_000, 300);
        assertThat(rule.slots()).isGreaterThan(12);
    }

    @Test
    void itFollowsAChangeOfTheProcessor() {
        rule.configure(100, 16);
        load(2_000, 400);
        slowness = running -> running * running;

        load(2_000, 600);

        assertThat(rule.slots()).isLessThanOrEqualTo(3);
    }
}
