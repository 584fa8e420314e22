package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** A batch that outlasts the stop of its context. */
@ExtendWith(OutputCaptureExtension.class)
class RestartTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class, LifecycleAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0", "spring.lifecycle.timeout-per-shutdown-phase=50ms")
            .withBean(Slow.class);

    static class Slow {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Batched
        List<String> slow(List<Integer> ids) throws InterruptedException {
            begun.countDown();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Integer, String> slow(ApplicationContext context) {
        return context.getBean("slow", AsyncBatcher.class);
    }

    private static CompletableFuture<String> inFlight(ApplicationContext context) throws InterruptedException {
        CompletableFuture<String> text = slow(context).process(1);
        assertThat(context.getBean(Slow.class).begun.await(20, TimeUnit.SECONDS))
                .isTrue();
        return text;
    }

    @Test
    void aBatcherStartsAgainWhenItIsDrained(CapturedOutput output) {
        runner.run(context -> {
            CompletableFuture<String> text = inFlight(context);

            context.stop();
            context.start();

            assertThat(output)
                    .contains("Batcher 'slow' still has 0 queued and 1 in-flight items from before the stop. It starts"
                            + " when they are settled.");
            assertThat(slow(context).isRunning()).isFalse();
            context.getBean(Slow.class).released.countDown();
            assertThat(text).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
            Awaitility.await().atMost(TestTimes.LONG).until(() -> slow(context).isRunning());
            assertThat(slow(context).process(2)).succeedsWithin(TestTimes.LONG).isEqualTo("text 2");
        });
    }

    @Test
    void aBatcherThatIsDrainedWhileTheContextIsStoppedAgainWaitsForTheNextStart() {
        runner.run(context -> {
            CompletableFuture<String> text = inFlight(context);
            context.stop();
            context.start();

            context.stop();
            context.getBean(Slow.class).released.countDown();
            assertThat(text).succeedsWithin(TestTimes.LONG);
            assertThat(slow(context).stop(false)).succeedsWithin(TestTimes.LONG);
            assertThat(slow(context).isRunning()).isFalse();

            context.start();
            // The end that the context waits for may come a moment after that of the stop above.
            Awaitility.await().atMost(TestTimes.LONG).until(() -> slow(context).isRunning());
        });
    }

    @Test
    void aDeclaredBatcherThatIsCutOffDoesNotHoldUpTheClose() {
        Slow slow = new Slow();
        AsyncBatcher<Integer, String> declared = AsyncBatcher.<Integer, String>builder(ids -> {
                    slow.begun.countDown();
                    // Doesn't listen to interrupts.
                    Awaitility.await().atMost(TestTimes.LONG).until(() -> slow.released.getCount() == 0);
                    return List.of();
                })
                .name("declared")
                .maxQueueTime(Duration.ZERO)
                .build();
        runner.withBean("declared", AsyncBatcher.class, () -> declared).run(context -> {
            CompletableFuture<String> text = declared.process(1);
            assertThat(slow.begun.await(20, TimeUnit.SECONDS)).isTrue();

            context.close();

            assertThat(text)
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(BatchAbortedException.class);
            slow.released.countDown();
        });
    }
}
