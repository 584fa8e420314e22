package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The slot that is kept for a thread while it settles, with real threads because it is about them. */
@Timeout(60)
class WatchTests {

    private static final int ROUNDS = Integer.getInteger("races", 2_000) / 10;

    private final AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
            .maxQueueTime(Duration.ZERO)
            .build();

    @Test
    void whatComesWhileAThreadSettlesIsRunThoughTheThreadBlocks() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            batcher.pause();
            CompletableFuture<Void> blocking = batcher.process(1).thenRun(() -> {
                blocked.countDown();
                ByHand.await(released);
            });
            batcher.resume();
            assertThat(blocked.await(10, SECONDS)).isTrue();

            assertThat(batcher.process(2).get(10, SECONDS)).isEqualTo(2);

            released.countDown();
            blocking.get(10, SECONDS);
        }
        batcher.close();
    }

    @Test
    void everyBatchIsRunOnceWhoeverTakesIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AsyncBatcher<Integer, Integer> counting = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    calls.addAndGet(batch.size());
                    running.decrementAndGet();
                    return batch;
                })
                .maxQueueTime(Duration.ZERO)
                .concurrency(2)
                .maxBatchSize(3)
                .build();
        List<Thread> callers = new ArrayList<>();
        int each = 10 * ROUNDS;
        for (int caller = 0; caller < 4; caller++) {
            callers.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    assertThat(counting.process(i).join()).isEqualTo(i);
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        counting.close();

        assertThat(calls).hasValue(4 * each);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
