package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a method must not return is told to its callers in words of the method, with what can be done in Spring. */
class BrokenResultsTests {

    private static final String ONE_AN_ITEM = "; return one element an item, in the items' order. Where results can be"
            + " missing or come in another order, return a Map by item, or set resultKey of @Batched";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-batch-size=2")
            .withBean(Methods.class);

    static class Methods {

        @Batched
        List<String> shortList(List<Long> ids) {
            return List.of("one");
        }

        @Batched
        String[] longArray(List<Long> ids) {
            return new String[] {"one", "two", "three"};
        }

        @Batched
        CompletionStage<int[]> primitives(List<Long> ids) {
            return CompletableFuture.completedFuture(new int[] {1});
        }

        @Batched
        Mono<List<String>> emptyMono(List<Long> ids) {
            return Mono.empty();
        }

        @Batched
        Flux<String> shortFlux(List<Long> ids) {
            return Flux.just("one");
        }

        @Batched
        List<Outcome<String>> fewOutcomes(List<Long> ids) {
            return List.of();
        }

        @Batched
        List<Outcome<String>> nullOutcome(List<Long> ids) {
            return Arrays.asList(Outcome.success("one"), null);
        }

        @Batched
        Map<Long, String> nullMap(List<Long> ids) {
            return null;
        }

        @Batched
        CompletionStage<Void> nullStage(List<Long> ids) {
            return null;
        }
    }

    @SuppressWarnings("unchecked")
    private static void assertFailure(ApplicationContext context, String name, String returned) {
        AsyncBatcher<Long, Object> batcher = context.getBean(name + "BatcherClient", AsyncBatcher.class);

        assertThat(batcher.processAll(List.of(1L, 2L)))
                .as(name)
                .failsWithin(TestTimes.LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        BatchResultException.class,
                        failure -> assertThat(failure.mayHaveRun()).isTrue())
                .withMessageContaining(
                        "@Batched method " + Methods.class.getName() + "." + name + "(List) returned " + returned)
                .withMessageNotContaining("BatchProcessor");
    }

    @Test
    void theMethodIsNamedWithWhatCanBeDone() {
        runner.run(context -> {
            assertFailure(context, "shortList", "1 results for 2 items" + ONE_AN_ITEM);
            assertFailure(context, "longArray", "3 results for 2 items" + ONE_AN_ITEM);
            assertFailure(context, "primitives", "1 results for 2 items" + ONE_AN_ITEM);
            assertFailure(context, "emptyMono", "null for 2 items" + ONE_AN_ITEM);
            assertFailure(context, "shortFlux", "1 results for 2 items" + ONE_AN_ITEM);
            assertFailure(context, "fewOutcomes", "0 results for 2 items" + ONE_AN_ITEM);
            assertFailure(context, "nullOutcome", "null as an outcome; return Outcome.success");
            assertFailure(context, "nullMap", "null for 2 items; return an empty map if there are no results");
            assertFailure(context, "nullStage", "null instead of a stage; return one that is completed");
        });
    }
}
