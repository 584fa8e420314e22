package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatchResults;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;

/** Methods that can't report their results stop the start, and the failure says what to change. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class RefusedReportsTests {

    private static final String RETURN_REMEDY =
            "Return void; or a CompletionStage<Void>, a CompletableFuture<Void> or a"
                    + " Mono<Void> that ends after the last report.";

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));

    private void refuses(Class<?> type, String description, String action) {
        runner.withInitializer(context ->
                        new AnnotatedBeanDefinitionReader((BeanDefinitionRegistry) context).registerBean(type))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description())
                                    .startsWith("The method " + type.getName())
                                    .endsWith(description);
                            assertThat(failure.action()).isEqualTo(action);
                        }));
    }

    @Test
    void oneThatReturnsResultsToo() {
        class Local {
            @Batched
            List<String> load(List<Long> items, BatchResults<String> results) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load(List, BatchResults) can't be @Batched: it reports its results to a BatchResults, but returns a"
                        + " java.util.List<java.lang.String>.",
                RETURN_REMEDY);
    }

    @Test
    void oneThatReturnsAStageOfResultsToo() {
        class Local {
            @Batched
            CompletableFuture<List<String>> load(List<Long> items, BatchResults<String> results) {
                return new CompletableFuture<>();
            }
        }
        refuses(
                Local.class,
                "but returns a java.util.concurrent.CompletableFuture<java.util.List<java.lang.String>>.",
                RETURN_REMEDY);
    }

    @Test
    void oneThatReturnsAFlux() {
        class Local {
            @Batched
            Flux<Void> load(List<Long> items, BatchResults<String> results) {
                return Flux.empty();
            }
        }
        refuses(Local.class, "but returns a reactor.core.publisher.Flux<java.lang.Void>.", RETURN_REMEDY);
    }

    @Test
    void oneOfASet() {
        class Local {
            @Batched
            void load(Set<Long> items, BatchResults<String> results) {}
        }
        refuses(
                Local.class,
                "its items come in a Set, where equal items are one element, but its results by position.",
                "Take a List<T>.");
    }

    @Test
    void oneWithAResultKey() {
        class Local {
            @Batched(resultKey = "length")
            void load(List<Integer> items, BatchResults<String> results) {}
        }
        refuses(
                Local.class,
                "it has a resultKey, but reports results by the items' positions.",
                "Leave resultKey out, or remove the BatchResults and return the results.");
    }

    @Test
    void oneWhoseTypeOfResultsIsNotKnown() {
        class Local {
            @Batched
            @SuppressWarnings("rawtypes")
            void load(List<Long> items, BatchResults results) {}
        }
        class Generic<R> {
            @Batched
            void load(List<Long> items, BatchResults<R> results) {}
        }
        String remedy = "Write them out, as in List<Long>, and declare the bean with its class's type arguments.";
        refuses(Local.class, "the types in its parameter io.asyncbatcher.BatchResults<?> are not known.", remedy);
        refuses(Generic.class, "the types in its parameter io.asyncbatcher.BatchResults<?> are not known.", remedy);
    }

    @Test
    void oneThatTakesTheResultsFirstOrMore() {
        class Local {
            @Batched
            void load(BatchResults<String> results, List<Long> items) {}
        }
        class Third {
            @Batched
            void load(List<Long> items, BatchResults<String> results, String tenant) {}
        }
        String remedy =
                "Give it one parameter, the batch: List<T>, Collection<T>, Set<T>, Iterable<T> or an array. Only a"
                        + " BatchResults<R> may follow, which takes results as they come.";
        refuses(Local.class, "it has 2 parameters.", remedy);
        refuses(Third.class, "it has 3 parameters.", remedy);
    }

    @Test
    void oneThatSpringRunsAsynchronously() {
        class Local {
            @Async
            @Batched
            void load(List<Long> items, BatchResults<String> results) {}
        }
        runner.withInitializer(context ->
                        new AnnotatedBeanDefinitionReader((BeanDefinitionRegistry) context).registerBean(Local.class))
                .run(context -> assertThat(context).getFailure().hasMessageContaining("it is @Async"));
    }
}
