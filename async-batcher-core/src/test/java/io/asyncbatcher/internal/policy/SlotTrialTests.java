package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The trials of {@link SlotCount}, batch by batch: when they begin, what they try, and when and how they end. */
class SlotTrialTests {

    private static final int NONE = Limits.NONE;
    private static final int SIZE = 10;

    private SlotCount rule = new SlotCount();
    private long now = 1_000_000;
    private DoubleUnaryOperator expected = size -> 1e9;
    private int maxBatchSize = NONE;
    private int inside = 1_000;
    private int queued;

    /** How many times as long as expected batches take with the number of slots that is held. */
    private double heldSlowness = 1;

    private int held = 4;

    private void batch(double slowness) {
        batch(rule.slots(), slowness);
    }

    /** A batch that runs beside so many others, on the mean and with itself. */
    private void batch(double running, double slowness) {
        BatchRun run = new BatchRun(now, SIZE, rule.slots(), 0);
        rule.began(run, inside);
        now += (long) (slowness * expected.applyAsDouble(SIZE));
        rule.ended(now, run, running, queued, expected);
    }

    private void batches(int count, double running, double slowness) {
        for (int i = 0; i < count; i++) {
            batch(running, slowness);
        }
    }

    /** How many batches it takes until another number of slots is in use. */
    private int untilChange(double slowness) {
        int slots = rule.slots();
        int batches = 0;
        while (rule.slots() == slots && batches < 10_000) {
            batch(slowness);
            batches++;
        }
        return batches;
    }

    private int nextTrial() {
        held = rule.slots();
        untilChange(heldSlowness);
        return rule.slots();
    }

    /** As few batches as can be, with a result that is clear. */
    private void endTrial(boolean pays) {
        double slowness = pays ? heldSlowness / 8 : heldSlowness * 8;
        int least = Math.max(3, Math.min(held, rule.slots()));
        batches(least, rule.slots(), slowness);
        heldSlowness = pays ? slowness : heldSlowness;
    }

    // ---- when they begin and what they try ----

    @Test
    void theFirstTrialBeginsAfterFourBatchesAndDoublesTheSlots() {
        assertThat(untilChange(1)).isEqualTo(4);
        assertThat(rule.slots()).isEqualTo(8);
    }

    @Test
    void theNumberIsDoubledUntilATrialIsInVainThenAHalfIsAddedOrAThirdTaken() {
        assertThat(nextTrial()).isEqualTo(8);
        endTrial(true);
        assertThat(nextTrial()).isEqualTo(16);
        endTrial(false);
        assertThat(rule.slots()).isEqualTo(8);
        for (int fewer : new int[] {6, 4, 3, 2, 1}) {
            assertThat(nextTrial()).isEqualTo(fewer);
            endTrial(true);
            assertThat(rule.slots()).isEqualTo(fewer);
        }
        expected = size -> 1e12; // what pays is eight times as fast each time
        heldSlowness /= 1e3;
        for (int more : new int[] {2, 3, 4, 6, 9}) {
            assertThat(nextTrial()).isEqualTo(more);
            endTrial(true);
        }
        endTrial(false);
    }

    @Test
    void trialsInVainGetRarerUpToFourTimes() {
        nextTrial();
        List<Integer> batchesBetween = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            endTrial(false);
            assertThat(rule.slots()).isEqualTo(4);
            batchesBetween.add(untilChange(1));
        }
        int usual = 48 + 4 * 4;
        assertThat(batchesBetween).containsExactly(usual, usual, 2 * usual, 2 * usual, 4 * usual, 4 * usual, 4 * usual);
    }

    @Test
    void noTrialBeginsWhileAQuarterOfTheSlotsIsIdle() {
        batches(200, 3, 1);
        assertThat(rule.slots()).isEqualTo(4);
        batches(4, 3.01, 1);
        assertThat(rule.slots()).isEqualTo(8);
    }

    @Test
    void moreSlotsThanItemsAreNotTried() {
        rule.began(new BatchRun(now, 1, 1, 0), 16); // a fifth of it counts, and four fifths of one
        inside = 4;
        assertThat(nextTrial()).isEqualTo(3);
    }

    @Test
    void atTheLimitFewerAreTriedThoughTheSameLimitIsSetAgainAndAgain() {
        rule.configure(NONE, 4);
        for (int i = 0; i < 4 + 48 + 4 * 4; i++) {
            assertThat(rule.slots()).isEqualTo(4);
            rule.configure(NONE, 4);
            batch(1);
        }
        assertThat(rule.slots()).isEqualTo(3);
    }

    @Test
    void aLimitOfAsManyAsAreTriedEndsNoTrial() {
        nextTrial();
        rule.configure(NONE, 8);
        assertThat(rule.slots()).isEqualTo(8);
        rule.configure(NONE, 7);
        assertThat(rule.slots()).isEqualTo(4);
    }

    // ---- when they end ----

    @Test
    void onlyBatchesOfTheTrialCountWithEnoughBesideThem() {
        nextTrial();
        BatchRun earlier = new BatchRun(now - 1, SIZE, 8, 0);
        for (int i = 0; i < 10; i++) {
            rule.ended(now + 100 * (long) 1e9, earlier, 8, 0, expected);
        }
        batches(10, 5.99, 100);
        batches(3, 6, 100);
        assertThat(rule.slots()).isEqualTo(8);
        batch(6, 100);
        assertThat(rule.slots()).as("as many as the smaller of both numbers").isEqualTo(4);

        assertThat(nextTrial()).isEqualTo(3);
        BatchRun atOnce = new BatchRun(now, SIZE, 3, 0);
        batches(10, 3.51, 100);
        batches(2, 3.5, 100);
        assertThat(rule.slots()).isEqualTo(3);
        rule.ended(now, atOnce, 3.5, 0, expected);
        assertThat(rule.slots()).isEqualTo(4);
    }

    @Test
    void aTrialWithoutEnoughToDoEnds() {
        nextTrial();
        batches(4 * 16 - 1, 4, 1);
        assertThat(rule.slots()).isEqualTo(8);
        batch(4, 1);
        assertThat(rule.slots()).isEqualTo(4);
    }

    @Test
    void theMoreSlotsTheLongerATrialMayTake() {
        nextTrial();
        endTrial(true);
        assertThat(nextTrial()).isEqualTo(16);
        assertThat(untilChange(heldSlowness)).as("nothing is gained").isEqualTo(2 * 16);
        assertThat(rule.slots()).isEqualTo(8);
    }

    @Test
    void whereNothingIsGainedATrialTakesSixteenBatches() {
        nextTrial();
        assertThat(untilChange(1)).isEqualTo(16);
    }

    /** The times have a standard deviation of an eighth, in four batches before the trial and in those of it. */
    @Test
    void theNoisierTheTimesTheMoreBatchesATrialTakes() {
        beginTrialOfEight(0.1);
        double loss = 0.155;
        int enough = 4;
        while (loss <= 2 * 0.125 * Math.sqrt(1.0 / enough + 1.0 / 4)) {
            enough++;
        }
        double equal = cost(4) / cost(8) * Math.exp(-0.02);
        assertThat(untilChange(equal * Math.exp(loss))).isBetween(enough - 3, enough + 3);
        assertThat(enough).isBetween(7, 13);

        rule = new SlotCount();
        beginTrialOfEight(0);
        assertThat(untilChange(equal * Math.exp(loss))).isEqualTo(4);
    }

    // ---- how they end ----

    @Test
    void aTrialPaysThatBringsTwoPercent() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            double call = 1e6 * random.nextInt(100);
            double item = 1e5 * (1 + random.nextInt(100));
            expected = size -> call + item * size;
            inside = 10 + random.nextInt(random.nextBoolean() ? 30 : 1_000);
            queued = random.nextInt(20);
            maxBatchSize = random.nextBoolean() ? NONE : 1 + random.nextInt(100);
            double limit = cost(4) / cost(8) * Math.exp(-0.02);

            assertThat(paysAt(limit * 0.997)).as("trial %d", i).isTrue();
            assertThat(paysAt(limit * 1.003)).as("trial %d", i).isFalse();
        }
    }

    private boolean paysAt(double slowness) {
        rule = new SlotCount();
        beginTrialOfEight(0);
        for (int i = 0; i < 16; i++) {
            batch(slowness);
        }
        return rule.slots() > 4;
    }

    /** After so many batches that their times are known, and how many items are inside and queued. */
    private void beginTrialOfEight(double noise) {
        rule.configure(maxBatchSize, 4);
        for (int i = 0; i < 66; i++) {
            batch(i % 2 == 0 ? 1 + noise : 1 - noise);
        }
        rule.configure(maxBatchSize, NONE);
        for (int i = 0; i < 4; i++) {
            batch(i % 2 == 0 ? 1 + noise : 1 - noise);
        }
        assertThat(rule.slots()).isEqualTo(8);
    }

    /** How long the slots need for what is inside, and, half of the time, for the part of a batch that waits for one of them. */
    private double cost(double slots) {
        double each = Math.max(1, inside / slots);
        double largest = maxBatchSize == NONE ? each : Math.min(each, maxBatchSize);
        double waiting = Math.min(1, (double) queued / SIZE);
        double batches = each / largest + each / largest * waiting / slots / 2;
        return batches * expected.applyAsDouble(largest);
    }

    // ---- another processor ----

    @Test
    void threeBatchesAreTooFewToBeSurprisedByTheFourth() {
        batches(3, 4, 1);
        batch(10);
        assertThat(rule.slots()).isEqualTo(8);
    }

    @Test
    void fewerSlotsAreTriedSoonWhereBatchesTakeLonger() {
        nextTrial();
        endTrial(false);
        batches(10, 4, 1);
        batch(3); // a quarter of it counts: one and a half times as long is no surprise yet
        assertThat(untilChange(1)).isEqualTo(48 + 4 * 4 - 11);

        endTrial(false);
        batches(30, 4, 1);
        batch(4);
        assertThat(untilChange(1)).isLessThanOrEqualTo(4);
        assertThat(rule.slots()).isEqualTo(3);
    }

    @Test
    void moreSlotsAreTriedSoonWhereBatchesAreFasterAndAreComparedWithTheFasterOnes() {
        nextTrial();
        endTrial(false);
        batches(25, 4, 1);
        assertThat(untilChange(0.25)).isLessThan(10);
        assertThat(rule.slots()).isEqualTo(6);
        batches(16, 6, 0.25);
        assertThat(rule.slots()).as("they are as fast with four").isEqualTo(4);
    }

    // ---- rejections ----

    private static final long HOLD_NANOS = 1_000_000;

    private void reject(int running) {
        rule.rejected(now, new BatchRun(now, SIZE, running, 0), HOLD_NANOS);
    }

    /** After a rejection of the fourth batch: four slots are in use again. */
    private void useFourAgain() {
        rule.configure(NONE, 3);
        rule.configure(NONE, NONE);
        assertThat(rule.slots()).isEqualTo(4);
    }

    @Test
    void aRejectionFromATimeOfMoreSlotsChangesNothing() {
        reject(5);
        assertThat(untilChange(1)).isEqualTo(4);
        assertThat(rule.slots()).isEqualTo(8);
    }

    @Test
    void aRejectionWhileMoreAreTriedLeavesWhatIsKnownOfTheNumberHeld() {
        nextTrial();
        reject(5);
        assertThat(rule.slots()).isEqualTo(4);
        assertThat(untilChange(0.1)).as("it is surprised").isLessThan(10);
    }

    @Test
    void whatWasRejectedIsSafeAgainAfterSixteenTimesTheHold() {
        assertSafeAfter(16, () -> reject(4));
    }

    @Test
    void eachRejectionDoublesThatFourTimesAtMost() {
        assertSafeAfter(32, () -> {
            reject(4);
            now += 16 * HOLD_NANOS;
            useFourAgain();
            reject(4);
        });
        assertSafeAfter(32, () -> {
            reject(4);
            reject(3); // another number counts at once
        });
        assertSafeAfter(128, () -> {
            for (int i = 0; i < 6; i++) {
                now += 1_000 * HOLD_NANOS;
                reject(4);
                useFourAgain();
            }
            reject(4);
        });
    }

    @Test
    void anotherRejectionOfTheSameNumberInThatTimeOnlyBeginsItAnew() {
        assertSafeAfter(16, () -> {
            reject(4);
            now += 16 * HOLD_NANOS - 1;
            useFourAgain();
            reject(4);
        });
    }

    /** From exactly that time after the last rejection a trial risks again what was rejected. */
    private void assertSafeAfter(int holds, Runnable rejections) {
        expected = size -> 1;
        int batches = batchesUntilRisked(rejections, 1_000 * HOLD_NANOS);
        long safe = holds * HOLD_NANOS - batches;
        assertThat(batchesUntilRisked(rejections, safe)).isEqualTo(batches);
        assertThat(batchesUntilRisked(rejections, safe - 1)).isGreaterThan(batches);
    }

    /** The batches, of a nanosecond each, until a trial of more slots begins. */
    private int batchesUntilRisked(Runnable rejections, long laterNanos) {
        rule = new SlotCount();
        rejections.run();
        now += laterNanos;
        int slots = rule.slots();
        int batches = 0;
        while (rule.slots() <= slots && batches < 2_000) {
            batch(1);
            batches++;
        }
        return batches;
    }
}
