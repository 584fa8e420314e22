package io.asyncbatcher.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.Logged;
import io.asyncbatcher.testing.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SetupTests {

    /** No thread is to be had, though the last work may have begun. */
    private record NoThreads(boolean runs) implements TimeSource {

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Alarm schedule(Runnable task, long delayNanos) {
            throw new RejectedExecutionException("thrown by a test");
        }

        @Override
        public void offload(Runnable work) {
            if (runs) {
                work.run();
            }
            throw new RejectedExecutionException("thrown by a test");
        }
    }

    private static Setup<Integer> setup(Predicate<Throwable> isolated, TimeSource time) {
        return setup(isolated, null, time);
    }

    private static Setup<Integer> setup(Predicate<Throwable> isolated, Executor completionExecutor, TimeSource time) {
        return new Setup<>(
                "orders",
                Call.of((List<Integer> batch) -> batch),
                isolated,
                Runnable::run,
                false,
                new QuickPath(),
                completionExecutor,
                time);
    }

    @Test
    void aPredicateThatFailsIsLoggedAndHalvesNothing() {
        Setup<Integer> setup = setup(
                thrown -> {
                    throw new IllegalStateException("thrown by a test");
                },
                new VirtualTime());

        try (Logged logged = new Logged()) {
            assertThat(setup.isOneItemsFault(new IllegalArgumentException("thrown by a test")))
                    .isFalse();
            assertThat(logged.messages())
                    .containsExactly(
                            "The predicate given to isolateFailures of batcher 'orders' failed; the whole batch"
                                    + " fails with what its processor threw");
        }
    }

    @Test
    void workRunsOnceWhereNoThreadIsToBeHad() {
        List<Thread> threads = new ArrayList<>();

        setup(null, new NoThreads(false)).offload(() -> threads.add(Thread.currentThread()));
        setup(null, new NoThreads(true)).offload(() -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void theWatchdogLooksAThousandTimesOnAnotherClockOrWithACompletionExecutor() {
        assertThat(setup(null, new VirtualTime()).looks()).isEqualTo(1_000);
        assertThat(setup(null, Runnable::run, TimeSource.system()).looks()).isEqualTo(1_000);
        assertThat(setup(null, TimeSource.system()).looks()).isEqualTo(20);
    }
}
