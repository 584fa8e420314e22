package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Methods whose results come in Reactor's types: how they end other than well. What they give is in the shapes' tests. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class ReactiveMethodsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Long, String> batcher(ApplicationContext context, String name) {
        return context.getBean(name + "BatcherClient", AsyncBatcher.class);
    }

    static class Failing {

        private final IOException failure = new IOException("disk full");

        @Batched
        Mono<List<String>> mono(List<Long> ids) {
            return Mono.error(failure);
        }

        @Batched
        Flux<String> flux(List<Long> ids) {
            return Flux.error(failure);
        }

        @Batched
        Mono<Map<Long, String>> thrown(List<Long> ids) throws IOException {
            throw failure;
        }

        @Batched
        Mono<Void> consuming(List<Long> ids) {
            return Mono.<Void>error(failure).delaySubscription(Duration.ofMillis(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mono", "flux", "thrown", "consuming"})
    void anErrorReachesEachCallerUnwrapped(String name) {
        runner.withBean(Failing.class)
                .run(context -> assertThat(batcher(context, name).process(1L))
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .withCause(context.getBean(Failing.class).failure));
    }

    static class Empty {
        @Batched
        Mono<List<String>> list(List<Long> ids) {
            return Mono.empty();
        }

        @Batched
        Mono<Map<Long, String>> map(List<Long> ids) {
            return Mono.empty();
        }

        @Batched
        Mono<List<Outcome<String>>> outcomes(List<Long> ids) {
            return Mono.empty();
        }

        @Batched
        Flux<String> flux(List<Long> ids) {
            return Flux.empty();
        }

        @Batched
        Mono<List<String>> none(List<Long> ids) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "map", "outcomes", "flux", "none"})
    void tooFewResultsBreakTheContract(String name) {
        runner.withBean(Empty.class)
                .run(context -> assertThat(batcher(context, name).process(1L))
                        .failsWithin(TestTimes.LONG)
                        .withThrowableThat()
                        .withCauseInstanceOf(BatchResultException.class));
    }

    static class Endless {

        private final AtomicInteger subscribed = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();

        @Batched
        Mono<List<String>> mono(List<Long> ids) {
            return Mono.<List<String>>never()
                    .doOnSubscribe(subscription -> subscribed.incrementAndGet())
                    .doOnCancel(cancelled::incrementAndGet);
        }

        @Batched
        Flux<String> flux(List<Long> ids) {
            return Flux.<String>never()
                    .doOnSubscribe(subscription -> subscribed.incrementAndGet())
                    .doOnCancel(cancelled::incrementAndGet);
        }

        @Batched
        Flux<Outcome<String>> outcomes(List<Long> ids) {
            return Flux.<Outcome<String>>never()
                    .doOnSubscribe(subscription -> subscribed.incrementAndGet())
                    .doOnCancel(cancelled::incrementAndGet);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mono", "flux", "outcomes"})
    void theBatchTimeoutCancelsTheSubscriptionAndGivesTheSlotBack(String name) {
        VirtualTime time = new VirtualTime();
        Duration timeout = Duration.ofMillis(10);
        runner.withBean(Endless.class)
                .withBean(
                        BatcherCustomizer.class,
                        () -> (batcher, builder) ->
                                builder.batchTimeout(timeout).time(time))
                .run(context -> {
                    AsyncBatcher<Long, String> batcher = batcher(context, name);
                    Endless endless = context.getBean(Endless.class);
                    for (int batch = 1; batch <= 3; batch++) { // each needs the only slot
                        CompletableFuture<String> future = batcher.process(1L);
                        int begun = batch;
                        Awaitility.await().atMost(TestTimes.LONG).until(() -> endless.subscribed.get() == begun);
                        time.advance(timeout);
                        assertThat(future)
                                .failsWithin(TestTimes.LONG)
                                .withThrowableThat()
                                .withCauseInstanceOf(BatchAbortedException.class);
                    }
                    Awaitility.await().atMost(TestTimes.LONG).until(() -> endless.cancelled.get() == 3);
                    Awaitility.await()
                            .atMost(TestTimes.LONG)
                            .until(() -> batcher.snapshot().abandonedBatches() == 0);
                });
    }

    @Test
    void aBatchTimeoutThatIsSetLaterCounts() {
        runner.withBean(Endless.class).run(context -> {
            AsyncBatcher<Long, String> batcher = batcher(context, "mono");
            batcher.reconfigure(options -> options.withBatchTimeout(Duration.ofMillis(10)));
            assertThat(batcher.process(1L)).failsWithin(TestTimes.LONG);
            Awaitility.await()
                    .atMost(TestTimes.LONG)
                    .until(() -> context.getBean(Endless.class).cancelled.get() == 1);
        });
    }

    static class Broken {
        @Batched
        Mono<List<String>> broken(List<Long> ids) {
            return Mono.<List<String>>fromCallable(() -> {
                        throw new NoClassDefFoundError("some.Driver");
                    })
                    .subscribeOn(Schedulers.parallel());
        }
    }

    @Test
    void theBatchTimeoutEndsWhatReactorDrops() {
        runner.withBean(Broken.class)
                .withBean(
                        BatcherCustomizer.class,
                        () -> (batcher, builder) -> builder.batchTimeout(Duration.ofMillis(10)))
                .run(context -> {
                    AsyncBatcher<Long, String> batcher = batcher(context, "broken");
                    assertThat(batcher.process(1L))
                            .failsWithin(TestTimes.LONG)
                            .withThrowableThat()
                            .withCauseInstanceOf(BatchAbortedException.class);
                    Awaitility.await()
                            .atMost(TestTimes.LONG)
                            .until(() -> batcher.snapshot().abandonedBatches() == 0);
                });
    }

    static class Texts {
        @Batched
        Mono<List<String>> texts(List<Long> ids) {
            return Mono.fromSupplier(() -> ids.stream().map(id -> "text " + id).toList());
        }
    }

    @Test
    void aBatchTimeoutTooLongForAnyClockIsNone() {
        runner.withBean(Texts.class)
                .withBean(
                        BatcherCustomizer.class,
                        () -> (batcher, builder) -> builder.batchTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .run(context -> assertThat(batcher(context, "texts").process(1L))
                        .succeedsWithin(TestTimes.LONG)
                        .isEqualTo("text 1"));
    }

    @Test
    void aReactiveChainWaitsForNoThread() {
        runner.withBean(Texts.class).run(context -> {
            BatcherClient<Long, String> client = batcher(context, "texts");
            assertThat(Flux.just(1L, 2L, 3L)
                            .flatMapSequential(id -> Mono.fromFuture(() -> client.process(id)))
                            .collectList()
                            .toFuture())
                    .succeedsWithin(TestTimes.LONG)
                    .isEqualTo(List.of("text 1", "text 2", "text 3"));
        });
    }

    @Test
    void cancellingAReactiveChainCancelsItsItems() {
        runner.withBean(Texts.class)
                .withPropertyValues("batcher.max-queue-time=10m")
                .run(context -> {
                    AsyncBatcher<Long, String> batcher = batcher(context, "texts");
                    Disposable all = Flux.just(1L, 2L, 3L)
                            .flatMap(id -> Mono.fromFuture(() -> batcher.process(id)))
                            .subscribe();
                    CompletableFuture<String> other = batcher.process(4L);
                    assertThat(batcher.snapshot().queued()).isEqualTo(4);
                    all.dispose();
                    assertThat(batcher.snapshot().queued()).isEqualTo(1);
                    batcher.flush();
                    assertThat(other).succeedsWithin(TestTimes.LONG).isEqualTo("text 4");
                });
    }
}
