package io.asyncbatcher.spring.boot.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** What is logged of items whose callers don't look at their futures. */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings("FutureReturnValueIgnored") // that is what it is about
class FailureLogTests {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();
    private final FailureLog failures = new FailureLog("prices", time);

    private AsyncBatcher<Integer, Integer> logged(AsyncBatcher.Builder<Integer, Integer> builder) {
        return builder.name("prices")
                .maxBatchSize(2)
                .time(time)
                .executor(executor)
                .listener(failures)
                .build();
    }

    private AsyncBatcher<Integer, Integer> failing() {
        return logged(AsyncBatcher.builder(batch -> {
            throw new IllegalStateException("secret " + batch);
        }));
    }

    private void submit(AsyncBatcher<Integer, Integer> batcher, int count) {
        for (int item = 0; item < count; item++) {
            batcher.process(item);
        }
        executor.runAll();
    }

    /** The lines, without what comes before the message. */
    private static List<String> lines(CapturedOutput output) {
        return output.getAll()
                .lines()
                .filter(line -> line.contains("Batcher 'prices': "))
                .map(line -> line.substring(line.indexOf("Batcher 'prices': ") + "Batcher 'prices': ".length()))
                .toList();
    }

    @Test
    void aFailedBatchIsWarnedOfAtOnceWithTheClassAlone(CapturedOutput output) {
        submit(failing(), 2);

        assertThat(lines(output)).containsExactly("1 batch of 2 items failed with java.lang.IllegalStateException");
        assertThat(output.getAll())
                .containsPattern("WARN.*Batcher 'prices'")
                .doesNotContain("secret")
                .doesNotContain("FailureLogTests.");
    }

    @Test
    void whatFollowsWithinTenSecondsIsOneLine(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = failing();
        submit(prices, 2);
        time.advance(INTERVAL.minusNanos(1));
        submit(prices, 6);
        assertThat(lines(output)).hasSize(1);

        time.advance(Duration.ofNanos(1));
        assertThat(lines(output))
                .hasSize(2)
                .last()
                .isEqualTo("3 batches of 6 items failed with java.lang.IllegalStateException");

        time.advance(INTERVAL);
        time.advance(INTERVAL);
        assertThat(lines(output)).hasSize(2);
        assertThat(time.alarms()).isZero();

        submit(prices, 2);
        assertThat(lines(output)).hasSize(3);
    }

    @Test
    void rejectedItemsAreCountedByReason(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = logged(AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .maxQueueSize(1)
                .maxBatchWeight(5, item -> item));
        prices.pause();
        prices.process(6);
        assertThat(lines(output)).containsExactly("1 item rejected (too-heavy)");
        submit(prices, 3);
        prices.process(6);
        time.advance(INTERVAL);

        assertThat(lines(output)).last().isEqualTo("3 items rejected (full 2, too-heavy 1)");
    }

    @Test
    void itemsThatFailOrExpireByThemselvesAreCounted(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices =
                logged(AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> List.of(Outcome.success(1), Outcome.failure(new IllegalStateException("secret"))))));
        submit(prices, 2);
        submit(prices, 2);
        prices.process(1, Duration.ofMillis(1));
        time.advance(INTERVAL);

        assertThat(lines(output)).containsExactly("1 item failed", "1 item failed, 1 item expired");
        assertThat(output.getAll()).doesNotContain("secret");
    }

    @Test
    void itemsOfABatchThatTheExecutorRefusesAreCounted(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = AsyncBatcher.<Integer, Integer>builder(List::copyOf)
                .name("prices")
                .maxBatchSize(1)
                .time(time)
                .executor(batch -> {
                    throw new RejectedExecutionException();
                })
                .listener(failures)
                .build();
        submit(prices, 1);

        assertThat(lines(output)).containsExactly("1 item aborted without a call");
    }

    @Test
    void aBatchThatIsGivenUpIsAFailedOne(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = logged(AsyncBatcher.<Integer, Integer>builder(batch -> {
                    time.advance(Duration.ofSeconds(1));
                    return batch;
                })
                .batchTimeout(Duration.ofSeconds(1)));
        submit(prices, 2);
        time.advance(INTERVAL);

        assertThat(lines(output))
                .containsExactly("1 batch of 2 items failed with io.asyncbatcher.BatchAbortedException");
    }

    @Test
    void whatIsTriedAgainHasNotFailed(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = logged(AsyncBatcher.builder(batch -> {
            throw new RateLimitedException(Duration.ofHours(1));
        }));
        submit(prices, 2);
        AsyncBatcher<Integer, Integer> others =
                logged(AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(batch -> batch.stream()
                        .map(item -> Outcome.<Integer>retry(new IllegalStateException(), Duration.ofHours(1)))
                        .toList())));
        submit(others, 2);

        assertThat(lines(output)).isEmpty();
    }

    @Test
    void cancelledAndSuccessfulItemsAreNoFailures(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = logged(AsyncBatcher.builder(List::copyOf));
        prices.process(1).cancel(false);
        submit(prices, 2);

        assertThat(lines(output)).isEmpty();
    }

    @Test
    void moreClassesThanALineHoldsAreCountedTogether(CapturedOutput output) {
        List<RuntimeException> different = List.of(
                new IllegalStateException(),
                new IllegalArgumentException(),
                new UnsupportedOperationException(),
                new ArithmeticException(),
                new ClassCastException(),
                new IndexOutOfBoundsException(),
                new NegativeArraySizeException());
        AsyncBatcher<Integer, Integer> prices = logged(AsyncBatcher.builder(batch -> {
            throw different.get(batch.get(0));
        }));
        for (int item = 0; item < 7; item++) {
            prices.process(item);
            prices.flush();
            executor.runAll();
        }
        time.advance(INTERVAL);

        assertThat(lines(output))
                .last()
                .asString()
                .contains("ClassCastException")
                .endsWith("1 batch of 1 item failed with others");
    }

    @Test
    void theEndLogsWhatIsLeftAndNothingAfterThat(CapturedOutput output) {
        AsyncBatcher<Integer, Integer> prices = failing();
        submit(prices, 4);
        failures.close();
        submit(prices, 2);
        time.advance(INTERVAL);

        assertThat(lines(output))
                .hasSize(2)
                .last()
                .isEqualTo("1 batch of 2 items failed with java.lang.IllegalStateException");
    }

    @Test
    void theStackTraceIsThereAtDebugWithoutMessages(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel(FailureLog.class.getName(), LogLevel.DEBUG);
        try {
            submit(
                    logged(AsyncBatcher.builder(batch -> {
                        throw new IllegalStateException(
                                "secret", new UncheckedIOException("secret", new IOException("secret")));
                    })),
                    2);
        } finally {
            logging.setLogLevel(FailureLog.class.getName(), null);
        }

        assertThat(output.getAll())
                .contains(
                        "java.lang.IllegalStateException",
                        "java.io.IOException",
                        "at io.asyncbatcher.spring.boot.logging.FailureLogTests.")
                .doesNotContain("secret");
    }

    // ---- in a context ----

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withBean(Failing.class);

    static class Failing {
        @Batched(name = "prices", maxBatchSize = "1")
        List<String> prices(List<Long> ids) {
            throw new IllegalStateException("secret");
        }
    }

    @SuppressWarnings("unchecked")
    private static void fail(ApplicationContext context) {
        AsyncBatcher<Long, String> prices = context.getBean("pricesBatcherClient", AsyncBatcher.class);
        assertThat(prices.process(1L)).failsWithin(TestTimes.LONG);
    }

    @Test
    void everyBatcherBeanIsLogged(CapturedOutput output) {
        runner.run(FailureLogTests::fail);
        assertThat(lines(output)).containsExactly("1 batch of 1 item failed with java.lang.IllegalStateException");
    }

    @Test
    void itCanBeSwitchedOff(CapturedOutput output) {
        runner.withPropertyValues("batcher.log-failures=false").run(FailureLogTests::fail);
        assertThat(lines(output)).isEmpty();
    }
}
