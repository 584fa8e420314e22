package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods that report results as they come: to a second parameter, or by a Flux. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class ReportedResultsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-batch-size=3", "batcher.max-queue-time=10m");

    /** Reports the last item first, then waits for the test. */
    static class Methods {

        final CountDownLatch rest = new CountDownLatch(1);

        private void report(Iterable<Integer> items, BatchResults<String> results) {
            List<Integer> list = new ArrayList<>();
            items.forEach(list::add);
            results.success(2, "r" + list.get(2));
            try {
                assertThat(rest.await(TestTimes.LONG.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            results.failure(1, new IllegalStateException("no " + list.get(1)));
            results.success(0, "r" + list.get(0));
        }

        @Batched
        void list(List<Integer> items, BatchResults<String> results) {
            report(items, results);
        }

        @Batched
        void collection(Collection<Integer> items, BatchResults<String> results) {
            report(items, results);
        }

        @Batched
        void iterable(Iterable<Integer> items, BatchResults<String> results) {
            report(items, results);
        }

        @Batched
        void array(Integer[] items, BatchResults<String> results) {
            report(Arrays.asList(items), results);
        }

        @Batched
        void primitives(int[] items, BatchResults<String> results) {
            report(Arrays.stream(items).boxed().toList(), results);
        }

        @Batched
        CompletionStage<Void> stage(List<Integer> items, BatchResults<String> results) {
            return future(items, results);
        }

        @Batched
        CompletableFuture<Void> future(List<Integer> items, BatchResults<String> results) {
            return CompletableFuture.runAsync(() -> report(items, results));
        }

        @Batched
        Mono<Void> mono(List<Integer> items, BatchResults<String> results) {
            return Mono.fromFuture(() -> CompletableFuture.runAsync(() -> report(items, results)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "collection", "iterable", "array", "primitives", "stage", "future", "mono"})
    void eachItemIsSettledWhenItIsReported(String name) {
        runner.withBean(Methods.class).run(context -> {
            BatcherClient<Integer, String> client = client(context, name);
            List<CompletableFuture<String>> futures = List.of(client.process(7), client.process(8), client.process(9));

            assertThat(futures.get(2)).succeedsWithin(TestTimes.LONG).isEqualTo("r9");
            assertThat(futures.get(0)).isNotDone();
            assertThat(futures.get(1)).isNotDone();
            context.getBean(Methods.class).rest.countDown();

            assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo("r7");
            assertThat(futures.get(1))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCause(new IllegalStateException("no 8"));
        });
    }

    @SuppressWarnings("unchecked")
    private static <T, R> AsyncBatcher<T, R> client(ApplicationContext context, String name) {
        return context.getBean(name + "BatcherClient", AsyncBatcher.class);
    }

    @Test
    void theClientIsInjectedByTheTypeOfTheReports() {
        record Text(String text) {}
        class Texts {
            @Batched
            void texts(List<Long> ids, BatchResults<Text> results) {
                for (int i = 0; i < ids.size(); i++) {
                    results.success(i, new Text("text " + ids.get(i)));
                }
            }

            @Batched
            void numbers(List<Long> ids, BatchResults<List<Integer>> results) {
                results.success(0, List.of(1));
            }
        }
        record Caller(BatcherClient<Long, Text> byType, BatcherClient<Long, List<Integer>> other) {}
        runner.withBean(Texts.class, Texts::new)
                .withBean(Caller.class)
                .withPropertyValues("batcher.max-batch-size=1")
                .run(context -> {
                    Caller caller = context.getBean(Caller.class);
                    assertThat(caller.byType().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo(new Text("text 1"));
                    assertThat(caller.other().process(1L))
                            .succeedsWithin(TestTimes.LONG)
                            .isEqualTo(List.of(1));
                });
    }

    static class Generic<T, R> {
        R result;

        @Batched("generic")
        void report(List<T> items, BatchResults<R> results) {
            for (int i = 0; i < items.size(); i++) {
                results.success(i, result);
            }
        }
    }

    static class OfClass extends Generic<Long, String> {
        OfClass() {
            result = "of the class";
        }
    }

    @Test
    void typesMayComeFromTheClass() {
        record Caller(BatcherClient<Long, String> generic) {}
        runner.withBean(OfClass.class)
                .withBean(Caller.class)
                .withPropertyValues("batcher.max-batch-size=1")
                .run(context -> assertThat(
                                context.getBean(Caller.class).generic().process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("of the class"));
    }

    static class Bad {

        @Batched
        void forgets(List<Integer> items, BatchResults<String> results) {
            results.success(0, "r");
        }

        @Batched
        void sorts(Integer[] items, BatchResults<String> results) {
            results.success(0, "r");
            Arrays.sort(items);
        }

        @Batched
        CompletionStage<Void> nothing(List<Integer> items, BatchResults<String> results) {
            results.success(0, "r");
            return null;
        }

        @Batched
        void fails(List<Integer> items, BatchResults<String> results) throws Exception {
            results.success(0, "r");
            throw new IOException("disk full");
        }
    }

    private void failsAfterTheFirst(String name, Class<? extends Throwable> type, String message) {
        runner.withBean(Bad.class).run(context -> {
            BatcherClient<Integer, String> client = client(context, name);
            List<CompletableFuture<String>> futures = List.of(client.process(9), client.process(8), client.process(7));
            assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo("r");
            for (CompletableFuture<String> future : futures.subList(1, 3)) {
                assertThat(future)
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(type)
                        .withMessageContaining(message);
            }
        });
    }

    @Test
    void whatIsNotReportedFailsAlone() {
        failsAfterTheFirst("forgets", BatchResultException.class, "2 of 3 items");
        failsAfterTheFirst("sorts", BatchResultException.class, "it changed the array");
        failsAfterTheFirst("nothing", BatchResultException.class, "returned null instead of a stage");
        failsAfterTheFirst("fails", IOException.class, "disk full");
    }

    @Test
    void everyOptionThatCallsAgainKeepsItsMeaning() {
        class Halved {
            @Batched(value = "halved", isolateFailures = "isPoison", deduplicate = "true", maxBatchSize = "5")
            void report(List<Integer> items, BatchResults<Integer> results) {
                for (int i = 0; i < items.size(); i++) {
                    if (items.get(i) == 3) {
                        throw new IllegalArgumentException("poison");
                    }
                    results.success(i, 2 * items.get(i));
                }
            }
        }
        runner.withBean(Halved.class, Halved::new)
                .withBean("isPoison", Predicate.class, () -> IllegalArgumentException.class::isInstance)
                .run(context -> {
                    BatcherClient<Integer, Integer> client = client(context, "halved");
                    List<CompletableFuture<Integer>> futures = List.of(
                            client.process(1),
                            client.process(2),
                            client.process(3),
                            client.process(4),
                            client.process(1));
                    assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo(2);
                    assertThat(futures.get(1)).succeedsWithin(TestTimes.LONG).isEqualTo(4);
                    assertThat(futures.get(2)).failsWithin(TestTimes.LONG);
                    assertThat(futures.get(3)).succeedsWithin(TestTimes.LONG).isEqualTo(8);
                    assertThat(futures.get(4)).succeedsWithin(TestTimes.LONG).isEqualTo(2);
                });
    }

    @Test
    void aSynchronousBatcherReportsBeforeTheCallReturns() {
        class Texts {
            @Batched
            void texts(List<Long> ids, BatchResults<String> results) {
                assertThat(ids).hasSize(1);
                results.success(0, "text " + ids.get(0));
            }
        }
        runner.withBean(Texts.class, Texts::new)
                .withPropertyValues("batcher.synchronous=true")
                .run(context -> assertThat(ReportedResultsTests.<Long, String>client(context, "texts")
                                .process(1L))
                        .isCompletedWithValue("text 1"));
    }

    // ---- a Flux by position ----

    static class Fluxes {

        final CountDownLatch rest = new CountDownLatch(1);

        @Batched
        Flux<String> texts(List<Integer> items) {
            return Flux.concat(
                    Flux.just("r" + items.get(0)),
                    Mono.fromFuture(() -> CompletableFuture.runAsync(this::await))
                            .thenMany(Flux.empty()),
                    Flux.fromIterable(items.subList(1, 3)).map(item -> "r" + item));
        }

        private void await() {
            try {
                assertThat(rest.await(TestTimes.LONG.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Batched
        Flux<String> fails(List<Integer> items) {
            return Flux.concat(Flux.just("r"), Flux.error(new IllegalStateException("disk full")));
        }

        @Batched
        Flux<String> tooFew(List<Integer> items) {
            return Flux.just("r");
        }

        @Batched
        Flux<String> tooMany(List<Integer> items) {
            return Flux.just("r").repeat();
        }

        @Batched
        Flux<String> none(List<Integer> items) {
            return null;
        }

        @Batched(batchTimeout = "1m")
        Flux<String> endless(List<Integer> items) {
            return Flux.concat(Flux.just("r"), Flux.never());
        }
    }

    private static List<CompletableFuture<String>> submit(ApplicationContext context, String name) {
        BatcherClient<Integer, String> client = client(context, name);
        return List.of(client.process(7), client.process(8), client.process(9));
    }

    @Test
    void eachElementSettlesTheItemAtItsPosition() {
        runner.withBean(Fluxes.class).run(context -> {
            List<CompletableFuture<String>> futures = submit(context, "texts");

            assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo("r7");
            assertThat(futures.get(1)).isNotDone();
            context.getBean(Fluxes.class).rest.countDown();

            assertThat(futures.get(1)).succeedsWithin(TestTimes.LONG).isEqualTo("r8");
            assertThat(futures.get(2)).succeedsWithin(TestTimes.LONG).isEqualTo("r9");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"fails", "tooFew"})
    void whatHasNoElementFailsAlone(String name) {
        runner.withBean(Fluxes.class).run(context -> {
            List<CompletableFuture<String>> futures = submit(context, name);

            assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo("r");
            for (CompletableFuture<String> future : futures.subList(1, 3)) {
                assertThat(future)
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(name.equals("fails") ? IllegalStateException.class : BatchResultException.class);
            }
        });
    }

    @Test
    void aBatchTimeoutFailsWhatHasNoElement() {
        VirtualTime time = new VirtualTime();
        runner.withBean(Fluxes.class)
                .withBean(BatcherCustomizer.class, () -> (batcher, builder) -> builder.time(time))
                .run(context -> {
                    List<CompletableFuture<String>> futures = submit(context, "endless");

                    assertThat(futures.get(0)).succeedsWithin(TestTimes.LONG).isEqualTo("r");
                    time.advance(Duration.ofMinutes(1));

                    for (CompletableFuture<String> future : futures.subList(1, 3)) {
                        assertThat(future)
                                .failsWithin(TestTimes.LONG)
                                .withThrowableThat()
                                .withCauseInstanceOf(BatchAbortedException.class);
                    }
                });
    }

    @Test
    void oneElementTooManyEndsTheSubscriptionAndChangesNothing() {
        runner.withBean(Fluxes.class).run(context -> {
            List<CompletableFuture<String>> futures = submit(context, "tooMany");

            for (CompletableFuture<String> future : futures) {
                assertThat(future).succeedsWithin(TestTimes.LONG).isEqualTo("r");
            }
            AsyncBatcher<Integer, String> batcher = client(context, "tooMany");
            Awaitility.await()
                    .atMost(TestTimes.LONG)
                    .until(() -> batcher.snapshot().activeBatches() == 0);
        });
    }

    @Test
    void noFluxBreaksTheContract() {
        runner.withBean(Fluxes.class)
                .run(context -> assertThat(submit(context, "none").get(0))
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(BatchResultException.class)
                        .withMessageContaining("returned null instead of a stage"));
    }
}
