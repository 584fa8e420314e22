package io.asyncbatcher.spring.boot.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Scope;
import reactor.core.publisher.Flux;

/** What can't become a batcher stops the start, and says what to change. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class RefusedMethodsTests {

    private static final String RESULT_REMEDY = "Return Map<T, R> (by key), List<R>, Collection<R> or an array (in any"
            + " order with a resultKey; without one, result i belongs to item i), void, Map<T, Outcome<R>> or"
            + " List<Outcome<R>>; plain, or in a CompletionStage, a CompletableFuture or a Mono; or a Flux<R>; or report results"
            + " to a second parameter BatchResults<R>.";
    private static final String PARAMETER_REMEDY = "Make it a List<T>, Collection<T>, Set<T>, Iterable<T> or an array.";
    private static final String TYPES_REMEDY =
            "Write them out, as in List<Long>, and declare the bean with its class's type arguments.";

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));

    @Test
    void aPrivateMethod() {
        class Local {
            @Batched
            private List<String> load(List<Long> items) {
                return List.of();
            }
        }
        refuses(Local.class, "load(List) can't be @Batched: it is private.", "Make it at least package-private.");
    }

    @Test
    void aStaticMethod() {
        refuses(
                StaticMethod.class,
                "load(List) can't be @Batched: it is static.",
                "Make it an instance method of the bean.");
    }

    static class StaticMethod {
        @Batched
        static List<String> load(List<Long> items) {
            return List.of();
        }
    }

    @Test
    void noParameter() {
        class Local {
            @Batched
            List<String> load() {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load() can't be @Batched: it has 0 parameters.",
                "Give it one parameter, the batch: List<T>, Collection<T>, Set<T>, Iterable<T> or an array. Only a"
                        + " BatchResults<R> may follow, which takes results as they come.");
    }

    @Test
    void twoParameters() {
        class Local {
            @Batched
            List<String> load(List<Long> items, String tenant) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load(List, String) can't be @Batched: it has 2 parameters.",
                "Give it one parameter, the batch: List<T>, Collection<T>, Set<T>, Iterable<T> or an array. Only a"
                        + " BatchResults<R> may follow, which takes results as they come.");
    }

    @Test
    void aParameterThatIsNoCollection() {
        class Local {
            @Batched
            List<String> load(Long item) {
                return List.of();
            }
        }
        refuses(Local.class, "load(Long) can't be @Batched: its parameter is a java.lang.Long.", PARAMETER_REMEDY);
    }

    @Test
    void aRawParameter() {
        @SuppressWarnings("rawtypes")
        class Local {
            @Batched
            List<String> load(List items) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: the types in its parameter java.util.List<?> are not known.",
                TYPES_REMEDY);
    }

    @Test
    void aParameterOfUnknownType() {
        class Local {
            @Batched
            List<String> load(List<?> items) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: the types in its parameter java.util.List<?> are not known.",
                TYPES_REMEDY);
    }

    @Test
    void aTypeVariableThatTheBeanDoesNotResolve() {
        class Local<T> {
            @Batched
            List<T> load(List<T> items) {
                return items;
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: the types in its parameter java.util.List<?> are not known.",
                TYPES_REMEDY);
    }

    @Test
    void aTypeVariableInsideOfAnItemsType() {
        class Local<T> {
            @Batched
            List<String> load(List<Set<T>> items) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: the types in its parameter java.util.List<java.util.Set<?>> are not"
                        + " known.",
                TYPES_REMEDY);
    }

    @Test
    void aRawResult() {
        @SuppressWarnings("rawtypes")
        class Local {
            @Batched
            List load(List<Long> items) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: the types in its result java.util.List<?> are not known.",
                TYPES_REMEDY);
    }

    @Test
    void aResultThatIsNoCollection() {
        class Local {
            @Batched
            String load(List<Long> items) {
                return "";
            }
        }
        refuses(Local.class, "load(List) can't be @Batched: it returns a java.lang.String.", RESULT_REMEDY);
    }

    @Test
    void aSetOfResults() {
        class Local {
            @Batched
            Set<String> load(List<Long> items) {
                return Set.of();
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: it returns a java.util.Set<java.lang.String>.",
                RESULT_REMEDY);
    }

    @Test
    void aFutureThatTellsNobodyWhenItIsDone() {
        class Local {
            @Batched
            Future<List<String>> load(List<Long> items) {
                return CompletableFuture.completedFuture(List.of());
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: it returns a"
                        + " java.util.concurrent.Future<java.util.List<java.lang.String>>.",
                RESULT_REMEDY);
    }

    @Test
    void aStageOfSomethingElse() {
        class Local {
            @Batched
            CompletableFuture<String> load(List<Long> items) {
                return CompletableFuture.completedFuture("");
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: it returns a"
                        + " java.util.concurrent.CompletableFuture<java.lang.String>.",
                RESULT_REMEDY);
    }

    @Test
    void aMapWhoseKeysAreNotTheItems() {
        class Local {
            @Batched
            Map<String, Long> load(List<Long> items) {
                return Map.of();
            }
        }
        refuses(
                Local.class,
                "load(List) can't be @Batched: its items are of type java.lang.Long, but the keys of its results of"
                        + " type java.lang.String.",
                "Return a map whose keys are the items.");
    }

    @Test
    void aSetOfItemsWithResultsByPosition() {
        class Local {
            @Batched
            Collection<String> load(Set<Long> items) {
                return List.of();
            }
        }
        refusesSet(Local.class);
    }

    @Test
    void aSetOfItemsWithOutcomes() {
        class Local {
            @Batched
            List<Outcome<String>> load(Set<Long> items) {
                return List.of();
            }
        }
        refusesSet(Local.class);
    }

    @Test
    void aSetOfItemsWithAFlux() {
        class Local {
            @Batched
            Flux<String> load(Set<Long> items) {
                return Flux.empty();
            }
        }
        refusesSet(Local.class);
    }

    private void refusesSet(Class<?> type) {
        refuses(
                type,
                "load(Set) can't be @Batched: its items come in a Set, where equal items are one element, but its"
                        + " results by position.",
                "Return a Map<T, R> or void, set resultKey, or take a List<T>.");
    }

    @Test
    void aBeanOfOneRequest() {
        refuses(
                RequestScoped.class,
                "load(List) can't be @Batched: its bean 'bean' lives in the scope 'request' of one caller, but a batch"
                        + " has items of many.",
                "Move the method to a bean of singleton scope, and hand over what it needs in the item.");
    }

    @Scope("request")
    static class RequestScoped {
        @Batched
        List<String> load(List<Long> items) {
            return List.of();
        }
    }

    @Test
    void aNameThatCouldNotBeAMetersTag() {
        class Local {
            @Batched("my prices")
            List<String> load(List<Long> items) {
                return List.of();
            }
        }
        fails(
                Local.class,
                "The name of @Batched on " + Local.class.getName()
                        + ".load(List) is not allowed: name must begin with a letter and consist of letters, digits, '-' and '_', but is"
                        + " 'my prices'.",
                "Give it another, as in @Batched(\"prices\").");
    }

    @Test
    void aPlaceholderWithoutAValue() {
        class Local {
            @Batched(maxBatchSize = "${prices.size}")
            List<String> load(List<Long> items) {
                return List.of();
            }
        }
        fails(
                Local.class,
                "The value of @Batched(maxBatchSize = \"${prices.size}\") on " + Local.class.getName()
                        + ".load(List) can't be resolved.",
                "Set the property that it names, or give a default, as in ${name:default}.");
    }

    private void refuses(Class<?> type, String description, String action) {
        fails(type, "The method " + type.getName() + "." + description, action);
    }

    private void fails(Class<?> type, String description, String action) {
        runner.withInitializer(
                        context -> new AnnotatedBeanDefinitionReader((BeanDefinitionRegistry) context.getBeanFactory())
                                .registerBean(type, "bean"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description()).isEqualTo(description);
                            assertThat(failure.action()).isEqualTo(action);
                        }));
    }
}
