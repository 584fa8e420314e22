package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What own threads carry of those who need them, and what user code leaves on them. */
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck")
class OwnThreadsContextTests {

    private final ClassLoader foreign = new URLClassLoader(new URL[0]);

    private static void awaitNoOwnThread() {
        ByHand.await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("async-batcher")));
    }

    /** Makes own threads, of batches and the timer, by the thread of a caller. */
    private static Thread batchThread(AsyncBatcher<Integer, Thread> batcher) throws Exception {
        Thread thread = batcher.process(1, Duration.ofHours(1)).get(10, SECONDS);
        batcher.process(2, Duration.ofHours(1)).get(10, SECONDS);
        return thread;
    }

    private static AsyncBatcher.Builder<Integer, Thread> telling() {
        return AsyncBatcher.<Integer, Thread>builder(batch ->
                        batch.stream().map(item -> Thread.currentThread()).toList())
                .maxQueueTime(Duration.ofMillis(1));
    }

    @Tag("volume")
    @Test
    void theyTakeOverNeitherGroupNorPriorityOfTheirFirstCaller() throws Exception {
        awaitNoOwnThread();
        ThreadGroup group = new ThreadGroup("of a caller");
        AtomicReference<Thread> batchThread = new AtomicReference<>();
        AsyncBatcher<Integer, Thread> batcher = telling().build();
        Thread caller = new Thread(group, () -> {
            try {
                batchThread.set(batchThread(batcher));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        caller.setPriority(Thread.MAX_PRIORITY);

        caller.start();
        caller.join();
        List<Thread> own = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("async-batcher"))
                .toList();

        assertThat(own).hasSizeGreaterThanOrEqualTo(2).contains(batchThread.get());
        assertThat(own).allSatisfy(thread -> {
            assertThat(thread.getThreadGroup()).isNotNull().matches(its -> !group.parentOf(its));
            assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        });
        batcher.close();
    }

    /** Uses a batcher that it doesn't own, from a class loader of its own. */
    public static final class Caller implements Runnable {

        private final Runnable use;

        public Caller(Runnable use) {
            this.use = use;
        }

        @Override
        public void run() {
            use.run();
        }
    }

    private static final class OfCallers extends ClassLoader {

        Runnable caller(Runnable use) throws Exception {
            String name = Caller.class.getName();
            try (InputStream code = Caller.class.getResourceAsStream("OwnThreadsContextTests$Caller.class")) {
                byte[] bytes = code.readAllBytes();
                ProtectionDomain domain = new ProtectionDomain(
                        new CodeSource(new URL("file:/callers"), new Certificate[0]), null, this, null);
                Class<?> caller = defineClass(name, bytes, 0, bytes.length, domain);
                return (Runnable) caller.getConstructor(Runnable.class).newInstance(use);
            }
        }
    }

    private static WeakReference<ClassLoader> useFromAnotherClassLoader(Runnable use) throws Exception {
        OfCallers loader = new OfCallers();
        loader.caller(use).run();
        return new WeakReference<>(loader);
    }

    @Tag("volume")
    @Test
    void theClassLoaderOfTheirFirstCallerIsCollectedWhileTheyLive() throws Exception {
        awaitNoOwnThread();
        AsyncBatcher<Integer, Thread> batcher = telling().build();
        AtomicReference<Thread> first = new AtomicReference<>();

        WeakReference<ClassLoader> loader = useFromAnotherClassLoader(() -> {
            try {
                first.set(batchThread(batcher));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });

        AtomicBoolean done = new AtomicBoolean();
        Thread busy = new Thread(() -> {
            while (!done.get()) {
                batcher.process(3, Duration.ofHours(1)).join(); // so that the threads live on
            }
        });
        busy.start();
        ByHand.await(() -> {
            System.gc();
            return loader.get() == null;
        });
        done.set(true);
        busy.join();
        assertThat(first.get().isAlive()).isTrue();
        batcher.close();
    }

    private List<Object> seen() {
        return List.of(
                Thread.currentThread().getContextClassLoader() == foreign,
                Thread.currentThread().getPriority());
    }

    private void leave() {
        Thread.currentThread().setContextClassLoader(foreign);
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
    }

    /** A continuation of an item that is settled already runs on the test's own thread, which is left alone. */
    private void leaveOnOwnThread() {
        if (Thread.currentThread().getName().startsWith("async-batcher")) {
            leave();
        }
    }

    @Test
    void whatAProcessorLeavesReachesNoContinuationAndNoOtherBatch() throws Exception {
        List<List<Object>> seen = new CopyOnWriteArrayList<>();
        AsyncBatcher<Integer, Integer> leaving = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    seen.add(seen());
                    leave();
                    return batch;
                })
                .maxBatchSize(1)
                .build();
        AsyncBatcher<Integer, Integer> other = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    seen.add(seen());
                    return batch;
                })
                .maxBatchSize(1)
                .build();

        for (int item = 0; item < 100; item++) {
            CompletableFuture<Integer> left = leaving.process(item).whenComplete((result, failure) -> seen.add(seen()));
            other.process(item).get(10, SECONDS);
            left.get(10, SECONDS);
        }
        leaving.stop(false).get(10, SECONDS);
        other.stop(false).get(10, SECONDS);

        assertThat(seen).hasSizeGreaterThanOrEqualTo(300).containsOnly(List.of(false, Thread.NORM_PRIORITY));
    }

    @Test
    void whatAContinuationLeavesReachesNoBatch() throws Exception {
        List<List<Object>> seen = new CopyOnWriteArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    seen.add(seen());
                    return batch;
                })
                .maxBatchSize(1)
                .build();

        for (int round = 0; round < 100; round++) {
            CompletableFuture<Void> left = batcher.process(1).thenRun(this::leaveOnOwnThread);
            batcher.process(2).get(10, SECONDS);
            left.get(10, SECONDS);
        }
        batcher.stop(false).get(10, SECONDS);

        assertThat(seen).hasSize(200).containsOnly(List.of(false, Thread.NORM_PRIORITY));
    }

    @Test
    void whatIsLeftOnAThreadOfTheUsersIsNotTouched() throws Exception {
        List<List<Object>> seen = new CopyOnWriteArrayList<>();
        Thread[] ofUser = new Thread[1];
        Executor executor = task -> {
            ofUser[0] = new Thread(() -> {
                leave();
                task.run();
                seen.add(seen());
            });
            ofUser[0].start();
        };
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .executor(executor)
                .maxBatchSize(1)
                .build();

        batcher.process(1).get(10, SECONDS);
        ofUser[0].join();

        assertThat(seen).containsExactly(List.of(true, Thread.MIN_PRIORITY));
        batcher.close();
    }
}
