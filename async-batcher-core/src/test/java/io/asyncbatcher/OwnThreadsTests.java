package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads that are the batchers' own: what they carry, and when they are gone. */
@Timeout(60)
class OwnThreadsTests {

    private static final String NAME_IN_THREADS = "async-batcher";

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(NAME_IN_THREADS))
                .count();
    }

    @Tag("volume")
    @Test
    @DisplayName("Promise 11: 10,000 idle batchers own no thread")
    void idleBatchersOwnNoThread() {
        ByHand.await(() -> ownThreads() == 0);
        List<AsyncBatcher<Integer, Integer>> batchers = new ArrayList<>();

        for (int i = 0; i < 10_000; i++) {
            batchers.add(AsyncBatcher.<Integer, Integer>builder(batch -> batch).build());
        }

        assertThat(ownThreads()).isZero();
        assertThat(batchers).allMatch(AsyncBatcher::isRunning);
    }

    @Test
    @DisplayName("Promise 11: a closed batcher that nobody keeps is not reachable, nor is its processor")
    void aClosedBatcherIsCollected() {
        WeakReference<Object> processor = useAndDrop();

        ByHand.await(() -> {
            System.gc();
            return processor.get() == null;
        });
    }

    private static WeakReference<Object> useAndDrop() {
        Object owner = new Object();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    assertThat(owner).isNotNull();
                    return batch;
                })
                .build();
        batcher.process(1, Duration.ofHours(1)).join();
        batcher.process(2, Duration.ofHours(1)).cancel(false);
        batcher.close();
        return new WeakReference<>(owner);
    }

    @Tag("volume")
    @Test
    @DisplayName("Promise 11: the class loader of a used core is collected")
    void theClassLoaderIsCollected() throws Exception {
        WeakReference<ClassLoader> loader = useInItsOwnClassLoader();

        ByHand.await(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private static WeakReference<ClassLoader> useInItsOwnClassLoader() throws Exception {
        URL core = AsyncBatcher.class.getProtectionDomain().getCodeSource().getLocation();
        URL tests = OwnThreadsTests.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {core, tests}, ClassLoader.getPlatformClassLoader())) {
            Class<?> use = loader.loadClass(Use.class.getName());
            assertThat(use).isNotSameAs(Use.class);
            Object done = use.getMethod("use").invoke(null);
            assertThat(done).isEqualTo(4950);
            return new WeakReference<>(loader);
        }
    }

    /** Runs in a class loader of its own. */
    public static final class Use {

        private Use() {}

        public static int use() throws Exception {
            AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                    .maxBatchSize(7)
                    .maxQueueTime(Duration.ofMillis(1))
                    .concurrency(2)
                    .listener(new BatcherListener() {})
                    .build();
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int item = 0; item < 100; item++) {
                futures.add(batcher.process(item, Duration.ofHours(1)));
            }
            int sum = 0;
            for (CompletableFuture<Integer> future : futures) {
                sum += future.get(10, SECONDS);
            }
            batcher.close();
            return sum;
        }
    }

    @Tag("volume")
    @Test
    @DisplayName("Promise 7: thread-locals and context class loader of the first caller are never seen by the batch")
    void theFirstCallersContextIsNotSeen() throws Exception {
        ByHand.await(() -> ownThreads() == 0);
        InheritableThreadLocal<String> inheritable = new InheritableThreadLocal<>();
        ThreadLocal<String> plain = new ThreadLocal<>();
        AtomicReference<List<Object>> seen = new AtomicReference<>();
        ClassLoader callers = new URLClassLoader(new URL[0]);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    List<Object> context = new ArrayList<>();
                    context.add(inheritable.get());
                    context.add(plain.get());
                    context.add(Thread.currentThread().getContextClassLoader());
                    context.add(Thread.currentThread().isDaemon());
                    context.add(Thread.currentThread().getName());
                    seen.set(context);
                    return batch;
                })
                .name("prices")
                .build();
        Thread caller = new Thread(() -> {
            inheritable.set("secret");
            plain.set("secret");
            Thread.currentThread().setContextClassLoader(callers);
            batcher.process(1).join();
        });

        caller.start();
        caller.join();

        assertThat(seen.get().subList(0, 2)).containsOnlyNulls();
        assertThat(seen.get().get(2)).isNotSameAs(callers);
        assertThat(seen.get().get(3)).isEqualTo(true);
        assertThat(seen.get().get(4).toString()).startsWith(NAME_IN_THREADS).contains("prices");
        batcher.close();
    }

    @Test
    void anInterruptFlagThatAProcessorLeavesReachesNoOtherBatch() throws Exception {
        List<Boolean> flags = java.util.Collections.synchronizedList(new ArrayList<>());
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    flags.add(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                    return batch;
                })
                .maxBatchSize(1)
                .build();

        for (int item = 0; item < 100; item++) {
            batcher.process(item).thenRun(() -> flags.add(Thread.currentThread().isInterrupted()));
        }
        batcher.stop(false).get(10, SECONDS);

        assertThat(flags).doesNotContain(true);
    }

    @Test
    void closeThatIsInterruptedForcesTheStopAndRestoresTheFlag() throws Exception {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    entered.complete(null);
                    new CompletableFuture<Void>().get();
                    return batch;
                })
                .maxBatchSize(1)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        entered.get(10, SECONDS);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread closing = new Thread(() -> {
            batcher.close();
            flag.complete(Thread.currentThread().isInterrupted());
        });
        closing.start();

        closing.interrupt();

        assertThat(flag.get(10, SECONDS)).isTrue();
        assertThat(ByHand.failure(future)).isInstanceOf(BatchAbortedException.class);
        ByHand.await(() -> batcher.snapshot().abandonedBatches() == 0);
    }

    @Test
    void aBusyBatcherHasOneTimerAndFillsItsBatches() throws Exception {
        ByHand hand = new ByHand();
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(10).concurrency(-1).build();

        for (int item = 0; item < 5_000; item++) {
            batcher.process(item, Duration.ofSeconds(1));
            hand.time.advance(Duration.ofNanos(200_000));
            assertThat(hand.time.alarms()).isLessThanOrEqualTo(1);
            hand.executor.runAll();
        }
        batcher.close();

        assertThat(hand.time.alarms()).isZero();
        assertThat(hand.batches).hasSize(500);
    }
}
