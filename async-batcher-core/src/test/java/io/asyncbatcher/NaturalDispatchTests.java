package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.BatchLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dispatch as soon as a slot is free. */
@Timeout(30)
class NaturalDispatchTests {

    private final ByHand hand = new ByHand();
    private final BatchLog log = new BatchLog();

    private AsyncBatcher.Builder<Integer, Integer> natural() {
        return hand.builder()
                .dispatch(DispatchMode.NATURAL)
                .maxQueueTime(Duration.ofDays(1))
                .listener(log);
    }

    @Test
    void aLoneItemGoesAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = natural().build();

        for (int item = 0; item < 5; item++) {
            CompletableFuture<Integer> future = batcher.process(item);
            assertThat(hand.executor.waiting()).isEqualTo(1);
            hand.executor.runAll();
            assertThat(future).isCompletedWithValue(2 * item);
        }

        assertThat(log.dispatched()).extracting(BatchLog.Dispatched::reason).containsOnly(DispatchReason.IDLE);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void whileTheSlotIsBusyTheNextBatchGrows() {
        AsyncBatcher<Integer, Integer> batcher = natural().build();

        ByHand.submit(batcher, 1, 8);
        hand.time.advance(Duration.ofSeconds(1));
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2, 3, 4, 5, 6), List.of(7, 8));
    }

    @Test
    void whatAPauseGatheredGoesTogether() {
        AsyncBatcher<Integer, Integer> batcher = natural().concurrency(3).build();
        batcher.pause();
        ByHand.submit(batcher, 1, 4);

        batcher.resume();
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4));
    }

    @Test
    void switchedToItWhatLingersGoesAtOnceAndBackItLingersAgain() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 2);
        assertThat(hand.executor.waiting()).isZero();

        batcher.reconfigure(options -> options.withDispatch(DispatchMode.NATURAL));
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 2));
        batcher.reconfigure(options -> options.withDispatch(DispatchMode.FIXED));
        ByHand.submit(batcher, 3, 4);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(ByHand.LINGER);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void itIsTheSameAsFixedWithoutLinger() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(batches(seed, DispatchMode.NATURAL, Duration.ofMillis(7)))
                    .as("seed %d", seed)
                    .isEqualTo(batches(seed, DispatchMode.FIXED, Duration.ZERO));
        }
    }

    private static List<List<Integer>> batches(long seed, DispatchMode mode, Duration linger) {
        Random random = new Random(seed);
        ByHand own = new ByHand();
        AsyncBatcher<Integer, Integer> batcher = own.builder()
                .dispatch(mode)
                .maxQueueTime(linger)
                .maxBatchSize(1 + random.nextInt(4))
                .concurrency(1 + random.nextInt(3))
                .partitionBy(item -> item % 2)
                .build();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(5)) {
                case 0 -> own.time.advanceMillis(random.nextInt(4));
                case 1 -> {
                    if (own.executor.waiting() > 0) {
                        own.executor.runNext();
                    }
                }
                case 2 -> {
                    if (!futures.isEmpty()) {
                        futures.get(random.nextInt(futures.size())).cancel(false);
                    }
                }
                default -> futures.add(batcher.process(step));
            }
        }
        batcher.stop(false);
        own.executor.runAll();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        return own.batches;
    }
}
