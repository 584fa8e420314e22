package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Applications that come and go while another uses the same library. {@code -Dsoak.loaders} says how many there are.
 */
@Timeout(10_000)
class ClassLoaderTests {

    private static final int LOADERS = Integer.getInteger("soak.loaders", 3);

    /** More than a guest needs. */
    private static final int THREADS = 6;

    private final Object meeting = new Object();
    private final AtomicBoolean over = new AtomicBoolean();

    private static final class OfGuest extends ClassLoader {

        OfGuest() {
            super(Guest.class.getClassLoader());
        }

        Runnable guest() throws Exception {
            try (InputStream code = Guest.class.getResourceAsStream("Guest.class")) {
                byte[] bytes = code.readAllBytes();
                Class<?> guest = defineClass(Guest.class.getName(), bytes, 0, bytes.length);
                assertThat(guest).isNotSameAs(Guest.class);
                return (Runnable) guest.getConstructor().newInstance();
            }
        }
    }

    private static WeakReference<ClassLoader> useAndDrop() throws Exception {
        OfGuest loader = new OfGuest();
        loader.guest().run();
        return new WeakReference<>(loader);
    }

    @Test
    @DisplayName("Promise 11: the class loader of a closed batcher is collected while another batcher is busy")
    void classLoadersAreCollectedWhileAnotherBatcherIsBusy() throws Exception {
        long begin = System.nanoTime();
        AsyncBatcher<Runnable, Boolean> busy = AsyncBatcher.<Runnable, Boolean>builder(batch -> {
                    batch.forEach(Runnable::run);
                    return Collections.nCopies(batch.size(), true);
                })
                .maxBatchSize(1)
                .concurrency(-1)
                .build();
        CompletableFuture<Integer> calls = elsewhere(() -> keepBusy(busy));
        CompletableFuture<Integer> meetings = elsewhere(() -> keepAlive(busy));
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try {
            for (int i = 0; i < LOADERS; i++) {
                synchronized (meeting) {
                    loaders.add(useAndDrop());
                }
            }
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        System.gc();
                        return loaders.stream().allMatch(loader -> loader.get() == null);
                    });
        } finally {
            over.set(true);
        }
        System.out.printf(
                "%d class loaders collected in %.1f s on Java %d, while another batcher ran %,d items%n",
                LOADERS,
                (System.nanoTime() - begin) / 1e9,
                Runtime.version().feature(),
                calls.get(20, SECONDS) + THREADS * meetings.get(20, SECONDS));
        busy.close();
    }

    private static CompletableFuture<Integer> elsewhere(Supplier<Integer> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task, "keeps a batcher busy").start());
    }

    /** Has one own thread at work on batches, and another on the timer. */
    private int keepBusy(AsyncBatcher<Runnable, Boolean> busy) {
        int items = 0;
        while (!over.get()) {
            busy.process(() -> {}, Duration.ofHours(1)).join();
            items++;
        }
        return items;
    }

    /**
     * Has all own threads at work at once, time and again, so that none of them ends for lack of work. Not while a guest runs,
     * which then finds threads enough and makes no others.
     */
    private int keepAlive(AsyncBatcher<Runnable, Boolean> busy) {
        int meetings = 0;
        for (; !over.get(); meetings++) {
            CountDownLatch all = new CountDownLatch(THREADS);
            synchronized (meeting) {
                List<Runnable> items = Collections.nCopies(THREADS, () -> meet(all));
                busy.processAll(items).join();
            }
            LockSupport.parkNanos(1_000_000);
        }
        return meetings;
    }

    private static void meet(CountDownLatch all) {
        all.countDown();
        try {
            all.await();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }
}
