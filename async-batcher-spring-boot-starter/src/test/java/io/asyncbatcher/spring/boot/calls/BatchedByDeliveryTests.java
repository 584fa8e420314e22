package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.util.ReflectionUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** How callers of methods with the annotation get their results, their failures and their cancellations. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class BatchedByDeliveryTests {

    private static final int CALLERS = 8;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Texts.class)
            .withBean(Lookup.class);

    /** The same where a batch waits for all callers. */
    private final ApplicationContextRunner together =
            runner.withPropertyValues("batcher.max-queue-time=10m", "batcher.max-batch-size=" + CALLERS);

    interface Loader {
        List<String> load(List<Long> ids) throws Exception;
    }

    static class Texts {

        private final List<Integer> batches = new CopyOnWriteArrayList<>();
        private volatile Loader loader =
                ids -> ids.stream().map(id -> id < 0 ? null : "text " + id).toList();

        @Batched("texts")
        List<String> load(List<Long> ids) throws Exception {
            batches.add(ids.size());
            return loader.load(ids);
        }

        void failWith(Throwable failure) {
            loader = ids -> {
                ReflectionUtils.rethrowException(failure);
                return List.of();
            };
        }
    }

    static class Lookup {

        @BatchedBy("texts")
        String text(long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("texts")
        String readText(Long id) throws IOException {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("texts")
        CompletableFuture<String> future(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("texts")
        CompletionStage<String> stage(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("texts")
        Future<String> plainFuture(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("texts")
        Optional<String> optional(Long id) {
            throw new AssertionError("not through the proxy");
        }

        @BatchedBy("texts")
        Mono<String> mono(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    private static AsyncBatcher<?, ?> batcher(ApplicationContext context) {
        return context.getBean("textsBatcherClient", AsyncBatcher.class);
    }

    @Test
    void callsOfManyThreadsShareABatch() {
        together.run(context -> {
            ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
            try {
                sharesABatch(context, threads);
            } finally {
                threads.shutdownNow();
            }
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void callsOfManyVirtualThreadsShareABatch() {
        together.run(context -> sharesABatch(context, new VirtualThreadTaskExecutor("caller-")));
    }

    private static void sharesABatch(ApplicationContext context, Executor threads) {
        Lookup lookup = context.getBean(Lookup.class);
        List<CompletableFuture<String>> texts = LongStream.range(0, CALLERS)
                .mapToObj(id -> CompletableFuture.supplyAsync(() -> lookup.text(id), threads))
                .toList();
        for (int id = 0; id < CALLERS; id++) {
            assertThat(texts.get(id)).succeedsWithin(TestTimes.LONG).isEqualTo("text " + id);
        }
        assertThat(context.getBean(Texts.class).batches).containsExactly(CALLERS);
    }

    @Test
    void everyKindOfFutureHasTheResult() {
        runner.run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            assertThat(lookup.future(1L)).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
            assertThat(lookup.stage(2L).toCompletableFuture())
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo("text 2");
            assertThat(lookup.plainFuture(3L)).succeedsWithin(TestTimes.LONG).isEqualTo("text 3");
        });
    }

    @Test
    void whoCallsForAFutureDoesNotWait() {
        together.run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            List<CompletableFuture<String>> texts = IntStream.range(0, CALLERS)
                    .mapToObj(id -> lookup.future((long) id))
                    .toList();
            assertThat(texts).allSatisfy(text -> assertThat(text).succeedsWithin(TestTimes.LONG));
            assertThat(context.getBean(Texts.class).batches).containsExactly(CALLERS);
        });
    }

    @Test
    void nullIsAResult() {
        runner.run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            assertThat(lookup.text(-1)).isNull();
            assertThat(lookup.future(-1L)).succeedsWithin(TestTimes.LONG).isNull();
            assertThat(lookup.mono(-1L).hasElement().block(TestTimes.LONG)).isFalse();
        });
    }

    @Test
    void anOptionalIsEmptyWhereTheResultIsNull() {
        runner.run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            assertThat(lookup.optional(1L)).contains("text 1");
            assertThat(lookup.optional(-1L)).isEmpty();
        });
    }

    static class OptionalResults {

        @Batched("found")
        List<Optional<String>> load(List<Long> ids) {
            return ids.stream()
                    .map(id -> id < 0 ? null : Optional.of("text " + id))
                    .toList();
        }

        @BatchedBy("found")
        Optional<String> text(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    @Test
    void aResultThatIsOptionalItselfIsNotWrappedAgain() {
        runner.withBean(OptionalResults.class).run(context -> {
            OptionalResults lookup = context.getBean(OptionalResults.class);
            assertThat(lookup.text(1L)).contains("text 1");
            assertThat(lookup.text(-1L)).isEmpty();
        });
    }

    @Test
    void anUncheckedFailureIsThrownAsItIs() {
        runner.run(context -> {
            IllegalStateException failure = new IllegalStateException("no texts today");
            context.getBean(Texts.class).failWith(failure);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> context.getBean(Lookup.class).text(1))
                    .isSameAs(failure);
        });
    }

    @Test
    void anErrorIsThrownAsItIs() {
        runner.run(context -> {
            AssertionError failure = new AssertionError("broken");
            context.getBean(Texts.class).failWith(failure);
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> context.getBean(Lookup.class).text(1))
                    .isSameAs(failure);
        });
    }

    @Test
    void aDeclaredCheckedFailureIsThrownAsItIs() {
        runner.run(context -> {
            IOException failure = new IOException("disk full");
            context.getBean(Texts.class).failWith(failure);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> context.getBean(Lookup.class).readText(1L))
                    .isSameAs(failure);
        });
    }

    @Test
    void anUndeclaredCheckedFailureIsWrapped() {
        runner.run(context -> {
            IOException failure = new IOException("disk full");
            context.getBean(Texts.class).failWith(failure);
            assertThatExceptionOfType(UndeclaredThrowableException.class)
                    .isThrownBy(() -> context.getBean(Lookup.class).text(1))
                    .withMessage("The item failed with a checked exception that " + Lookup.class.getName()
                            + ".text(long) doesn't declare: java.io.IOException")
                    .withCause(failure);
        });
    }

    @Test
    void futuresFailWithWhatWasThrown() {
        runner.run(context -> {
            IOException failure = new IOException("disk full");
            context.getBean(Texts.class).failWith(failure);
            Lookup lookup = context.getBean(Lookup.class);
            assertThat(lookup.future(1L))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCause(failure);
            assertThat(lookup.mono(1L).toFuture())
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCause(failure);
        });
    }

    @Test
    void aRefusalIsThrownToo() {
        runner.run(context -> {
            batcher(context).close();
            assertThatExceptionOfType(BatcherStoppedException.class)
                    .isThrownBy(() -> context.getBean(Lookup.class).text(1));
        });
    }

    @Test
    void anInterruptWhileWaitingCancelsTheItemAndIsNotLost() {
        together.run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread caller = new Thread(() -> interrupted.complete(isInterruptedBy(() -> lookup.text(1))));
            caller.start();
            Awaitility.await()
                    .atMost(TestTimes.LONG)
                    .until(() -> batcher(context).snapshot().queued() == 1);

            caller.interrupt();

            assertThat(interrupted).succeedsWithin(TestTimes.LONG).isEqualTo(true);
            assertThat(batcher(context).snapshot().queued()).isZero();
        });
    }

    private static boolean isInterruptedBy(Runnable call) {
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(call::run)
                .withMessage("Interrupted in " + Lookup.class.getName() + ".text(long)")
                .withCauseInstanceOf(InterruptedException.class);
        return Thread.currentThread().isInterrupted();
    }

    @Test
    void whoWouldWaitForItselfIsToldAndLeavesNothingBehind() {
        runner.run(context -> {
            Lookup lookup = context.getBean(Lookup.class);
            context.getBean(Texts.class).loader =
                    ids -> ids.stream().map(id -> lookup.text(id + 1)).toList();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> lookup.text(1));
            batcher(context).close(); // after everything that may be queued
            assertThat(context.getBean(Texts.class).batches).containsExactly(1);
        });
    }

    @Test
    void cancellingTheFutureCancelsTheItem() {
        together.run(context -> {
            assertThat(context.getBean(Lookup.class).future(1L).cancel(false)).isTrue();
            assertThat(batcher(context).snapshot().queued()).isZero();
        });
    }

    @Test
    void aMonoSubmitsTheItemWithEachSubscription() {
        runner.run(context -> {
            Mono<String> text = context.getBean(Lookup.class).mono(1L);
            assertThat(context.getBean(Texts.class).batches).isEmpty();
            assertThat(text.concatWith(text).collectList().toFuture())
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo(List.of("text 1", "text 1"));
            assertThat(context.getBean(Texts.class).batches).containsExactly(1, 1);
        });
    }

    @Test
    void cancellingAMonoCancelsTheItem() {
        together.run(context -> {
            Disposable subscription = context.getBean(Lookup.class).mono(1L).subscribe();
            assertThat(batcher(context).snapshot().queued()).isEqualTo(1);
            subscription.dispose();
            assertThat(batcher(context).snapshot().queued()).isZero();
        });
    }
}
