package io.asyncbatcher.internal.thread;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Alarms on real threads, one of which may leave them to the other. */
class SystemTimeTests {

    private final SystemTime time = new SystemTime();
    private final CountDownLatch over = new CountDownLatch(1);

    private CompletableFuture<Boolean> ring(BooleanSupplier task) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        time.schedule(() -> done.complete(task.getAsBoolean()), 0);
        return done;
    }

    /** Work that blocks on the thread of its alarm. */
    private CompletableFuture<Boolean> block() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> blocked = ring(() -> time.runHere(() -> {
            begun.countDown();
            awaitOver();
        }));
        assertThat(begun.await(10, SECONDS)).isTrue();
        return blocked;
    }

    private void awaitOver() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAlarmWhoseWorkBlocksLeavesAThreadForTheOthers() throws Exception {
        CompletableFuture<Boolean> blocked = block();

        for (int i = 0; i < 10; i++) {
            assertThat(ring(() -> true).get(10, SECONDS)).isTrue();
        }
        over.countDown();

        assertThat(blocked.get(10, SECONDS)).isTrue();
    }

    @Test
    void theLastThreadDoesNoOtherWork() throws Exception {
        CompletableFuture<Boolean> blocked = block();

        assertThat(ring(() -> time.runHere(this::awaitOver)).get(10, SECONDS)).isFalse();
        over.countDown();
        blocked.get(10, SECONDS);

        assertThat(ring(() -> time.runHere(() -> {})).get(10, SECONDS)).isTrue();
    }

    @Test
    void whatWorkChangesOfItsThreadIsPutBack() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();

        time.schedule(
                () -> {
                    String before = Thread.currentThread().toString();
                    try {
                        time.runHere(() -> {
                            Thread.currentThread().setName("other");
                            Thread.currentThread().setContextClassLoader(new ClassLoader() {});
                            throw new IllegalStateException("thrown by a test");
                        });
                    } catch (IllegalStateException thrown) {
                        seen.complete(
                                before.equals(Thread.currentThread().toString())
                                                && Thread.currentThread().getContextClassLoader()
                                                        == SystemTime.class.getClassLoader()
                                                && time.runHere(() -> {})
                                        ? "as before"
                                        : "changed");
                    }
                },
                0);

        assertThat(seen.get(10, SECONDS)).isEqualTo("as before");
    }

    @Test
    void threadsAndCancelledAlarmsAreNotKept() throws Exception {
        Field field = SystemTime.class.getDeclaredField("timer");
        field.setAccessible(true);
        ScheduledThreadPoolExecutor timer = (ScheduledThreadPoolExecutor) field.get(time);

        time.schedule(() -> {}, TimeUnit.DAYS.toNanos(1)).cancel();

        assertThat(timer.getQueue()).isEmpty();
        assertThat(timer.allowsCoreThreadTimeOut()).isTrue();
        assertThat(timer.getKeepAliveTime(SECONDS)).isEqualTo(OwnThreads.KEEP_ALIVE_SECONDS);
    }
}
