package io.asyncbatcher.internal.batch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RescueTests {

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Throwable failure = new IllegalStateException("thrown by a test");

    @Test
    void aBatchIsEndedOnceByTheThreadOfTheError() {
        Rescue.of(() -> threads.add(Thread.currentThread()), "orders", failure);

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void whereThatFailsAnotherThreadEndsIt() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);

        Rescue.of(
                () -> {
                    threads.add(Thread.currentThread());
                    if (threads.size() == 1) {
                        throw new StackOverflowError("thrown by a test");
                    }
                    ended.countDown();
                },
                "orders",
                failure);

        assertThat(ended.await(10, SECONDS)).isTrue();
        assertThat(threads).hasSize(2).first().isSameAs(Thread.currentThread());
        assertThat(threads.get(1)).isNotSameAs(Thread.currentThread());
    }
}
