package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A batch method that uses another batcher by a method with {@code @BatchedBy}, and lets out what that one refuses. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class NestedMethodsTests {

    interface Inner {

        @BatchedBy("inner")
        String text(Long id);

        @BatchedBy("inner")
        CompletableFuture<String> future(Long id);

        @BatchedBy("inner")
        Mono<String> mono(Long id);
    }

    static class Outer {

        private final Inner inner;

        Outer(Inner inner) {
            this.inner = inner;
        }

        @Batched
        List<String> waiting(List<Long> ids) {
            return ids.stream().map(inner::text).toList();
        }

        @Batched
        List<String> joining(List<Long> ids) {
            return ids.stream().map(id -> inner.future(id).join()).toList();
        }

        @Batched
        Mono<List<String>> reactive(List<Long> ids) {
            return Flux.fromIterable(ids).concatMap(inner::mono).collectList();
        }

        @Batched
        List<Outcome<String>> outcomes(List<Long> ids) {
            return ids.stream().map(this::outcome).toList();
        }

        private Outcome<String> outcome(Long id) {
            try {
                return Outcome.success(inner.text(id));
            } catch (RuntimeException e) {
                return Outcome.failure(e);
            }
        }
    }

    @Configuration
    @Import(Outer.class)
    static class Application {

        @Bean
        Inner innerLookup(BatchedByFactory factory) {
            return factory.create(Inner.class);
        }

        @Bean
        AsyncBatcher<Long, String> inner() {
            return AsyncBatcher.<Long, String>builder(
                            ids -> ids.stream().map(String::valueOf).toList())
                    .name("inner")
                    .build();
        }
    }

    @Test
    void whatTheInnerBatcherRefusesIsTheCauseOfAnAbortedOuterItem() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withPropertyValues("batcher.max-queue-time=0")
                .withUserConfiguration(Application.class)
                .run(context -> {
                    AsyncBatcher<?, ?> inner = context.getBean("inner", AsyncBatcher.class);
                    assertThat(inner.stop(false)).succeedsWithin(TestTimes.LONG);
                    for (String outer : List.of("waiting", "joining", "reactive", "outcomes")) {
                        @SuppressWarnings("unchecked")
                        BatcherClient<Long, String> client =
                                context.getBean(outer + "BatcherClient", BatcherClient.class);
                        assertThat(client.process(1L))
                                .as(outer)
                                .failsWithin(TestTimes.LONG)
                                .withThrowableThat()
                                .havingCause()
                                .isInstanceOfSatisfying(
                                        BatchAbortedException.class,
                                        aborted ->
                                                assertThat(aborted.mayHaveRun()).isTrue())
                                .withCauseInstanceOf(BatcherStoppedException.class);
                    }
                });
    }
}
