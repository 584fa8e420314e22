package io.asyncbatcher.spring.boot.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.objenesis.SpringObjenesis;
import reactor.core.publisher.Flux;

/** What can't be {@code @BatchedBy} a batcher stops the start, and says what to change. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class RefusedCallersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withBean(Texts.class);

    static class Texts {
        @Batched("texts")
        List<String> load(List<Long> ids) {
            return List.of();
        }

        @Batched("lists")
        List<List<String>> loadLists(List<List<Long>> ids) {
            return List.of();
        }

        @Batched
        void saved(List<Long> ids) {}
    }

    @Test
    void aPrivateMethod() {
        class Local {
            @BatchedBy("texts")
            private String text(Long id) {
                return "";
            }
        }
        refuses(Local.class, "text(Long)", "texts", "it is private.", "Make it at least package-private.");
    }

    @Test
    void aStaticMethod() {
        refuses(StaticMethod.class, "text(Long)", "texts", "it is static.", "Make it an instance method of the bean.");
    }

    static class StaticMethod {
        @BatchedBy("texts")
        static String text(Long id) {
            return "";
        }
    }

    @Test
    void aFinalMethod() {
        class Local {
            @BatchedBy("texts")
            final String text(Long id) {
                return "";
            }
        }
        refuses(
                Local.class,
                "text(Long)",
                "texts",
                "it is final, so that no proxy can take its calls.",
                "Remove 'final' from it (in Kotlin: make it open).");
    }

    @Test
    void aFinalClass() {
        refuses(
                FinalClass.class,
                "text(Long)",
                "texts",
                "its class is final, so that no proxy can take its calls.",
                "Remove 'final' from " + FinalClass.class.getName()
                        + " (in Kotlin: make it open), or annotate a method of an interface and let a BatchedByFactory"
                        + " implement it.");
    }

    static final class FinalClass {
        @BatchedBy("texts")
        String text(Long id) {
            return "";
        }
    }

    @Test
    void noParameter() {
        class Local {
            @BatchedBy("texts")
            String text() {
                return "";
            }
        }
        refuses(
                Local.class,
                "text()",
                "texts",
                "it has 0 parameters.",
                "Give it one parameter, the item; what belongs to it goes into the item's class.");
    }

    @Test
    void twoParameters() {
        class Local {
            @BatchedBy("texts")
            String text(Long id, String language) {
                return "";
            }
        }
        refuses(
                Local.class,
                "text(Long, String)",
                "texts",
                "it has 2 parameters.",
                "Give it one parameter, the item; what belongs to it goes into the item's class.");
    }

    @Test
    void noResult() {
        class Local {
            @BatchedBy("saved")
            void save(Long id) {}
        }
        refuses(
                Local.class,
                "save(Long)",
                "saved",
                "it returns void, so that nobody could say whether it waits.",
                "Return Void to wait for the item's end, or a CompletableFuture<Void> to go on.");
    }

    @Test
    void aVoidThatWaitsIsFine() {
        class Local {
            @BatchedBy("saved")
            Void save(Long id) {
                return null;
            }

            @BatchedBy("saved")
            CompletableFuture<Void> saveLater(Long id) {
                return new CompletableFuture<>();
            }
        }
        run(Local.class).run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void bothAnnotations() {
        class Local {
            @BatchedBy("texts")
            @Batched
            String text(Long id) {
                return "";
            }
        }
        refuses(
                Local.class,
                "text(Long)",
                "texts",
                "it is @Batched too.",
                "Take single items in one method, and the batch in another.");
    }

    @Test
    void anotherItem() {
        class Local {
            @BatchedBy("texts")
            String text(String id) {
                return "";
            }
        }
        refuses(
                Local.class,
                "text(String)",
                "texts",
                "its parameter is a java.lang.String, but the batcher's items are of type java.lang.Long.",
                "Change the parameter to java.lang.Long, or name another batcher.");
    }

    @Test
    void anotherPrimitiveItem() {
        class Local {
            @BatchedBy("texts")
            String text(int id) {
                return "";
            }
        }
        refuses(
                Local.class,
                "text(int)",
                "texts",
                "its parameter is a java.lang.Integer, but the batcher's items are of type java.lang.Long.",
                "Change the parameter to java.lang.Long, or name another batcher.");
    }

    @Test
    void anItemOfOtherGenerics() {
        class Local {
            @BatchedBy("lists")
            List<String> texts(List<String> ids) {
                return List.of();
            }
        }
        refuses(
                Local.class,
                "texts(List)",
                "lists",
                "its parameter is a java.util.List<java.lang.String>, but the batcher's items are of type"
                        + " java.util.List<java.lang.Long>.",
                "Change the parameter to java.util.List<java.lang.Long>, or name another batcher.");
    }

    @Test
    void anotherResult() {
        class Local {
            @BatchedBy("texts")
            Integer text(Long id) {
                return 1;
            }
        }
        refusesResult(Local.class, "java.lang.Integer");
    }

    @Test
    void aFutureOfAnotherResult() {
        class Local {
            @BatchedBy("texts")
            CompletableFuture<Integer> text(Long id) {
                return new CompletableFuture<>();
            }
        }
        refusesResult(Local.class, "java.lang.Integer");
    }

    @Test
    void aFlux() {
        class Local {
            @BatchedBy("texts")
            Flux<String> text(Long id) {
                return Flux.empty();
            }
        }
        refusesResult(Local.class, "reactor.core.publisher.Flux<java.lang.String>");
    }

    private void refusesResult(Class<?> type, String result) {
        refuses(
                type,
                "text(Long)",
                "texts",
                "it gives a " + result + ", but the batcher's results are of type java.lang.String.",
                "Return java.lang.String, plain or in an Optional, a CompletableFuture, a CompletionStage, a Future or"
                        + " a Mono, or name another batcher.");
    }

    @Test
    void widerResultsAndNarrowerItemsAreFine() {
        class Local<I extends Long> {
            @BatchedBy("texts")
            CharSequence text(Long id) {
                return "";
            }

            @BatchedBy("texts")
            Object anything(I id) {
                return "";
            }

            @BatchedBy("texts")
            @SuppressWarnings("rawtypes")
            CompletableFuture raw(Long id) {
                return new CompletableFuture<>();
            }

            @BatchedBy("lists")
            @SuppressWarnings("rawtypes")
            List rawItem(List ids) {
                return List.of();
            }
        }
        run(Local.class).run(context -> assertThat(context).hasNotFailed());
    }

    @Configuration(proxyBeanMethods = false)
    static class HandMade {

        private static final AtomicInteger MADE = new AtomicInteger();

        @Bean
        AsyncBatcher<Integer, Integer> numbers() {
            return AsyncBatcher.builder(BatchProcessor.<Integer, Integer>keyed(ids -> Map.of()))
                    .name("numbers")
                    .build();
        }

        @Bean
        AsyncBatcher<?, ?> unknown() {
            return AsyncBatcher.builder(batch -> batch).name("unknown").build();
        }
    }

    @Test
    void typesOfABatcherOfOnesOwnCount() {
        class Local {
            @BatchedBy("numbers")
            Integer number(Long id) {
                return 1;
            }
        }
        failsWith(
                run(Local.class).withUserConfiguration(HandMade.class),
                "The method " + Local.class.getName()
                        + ".number(Long) can't be @BatchedBy(\"numbers\"): its parameter is a java.lang.Long, but the"
                        + " batcher's items are of type java.lang.Integer.",
                "Change the parameter to java.lang.Integer, or name another batcher.");
    }

    @Test
    void typesThatNobodyKnowsPass() {
        class Local {
            @BatchedBy("unknown")
            Integer number(Long id) {
                return 1;
            }
        }
        run(Local.class)
                .withUserConfiguration(HandMade.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anUnknownBatcher() {
        class Local {
            @BatchedBy("text")
            String text(Long id) {
                return "";
            }
        }
        failsWith(
                run(Local.class).withUserConfiguration(HandMade.class),
                "The method " + Local.class.getName()
                        + ".text(Long) is @BatchedBy(\"text\"), but there is no batcher of this name. There are: lists,"
                        + " numbers, saved, texts, unknown.",
                "Name one that is there, annotate a method that takes a list of the items with @Batched(\"text\"), or"
                        + " declare an AsyncBatcher bean of this name.");
    }

    @Test
    void anUnknownBatcherWhereThereIsNone() {
        class Local {
            @BatchedBy("text")
            String text(Long id) {
                return "";
            }
        }
        failsWith(
                withBean(
                        new ApplicationContextRunner()
                                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class)),
                        Local.class),
                "The method " + Local.class.getName()
                        + ".text(Long) is @BatchedBy(\"text\"), but there is no batcher of this name. There are no"
                        + " batchers.",
                "Name one that is there, annotate a method that takes a list of the items with @Batched(\"text\"), or"
                        + " declare an AsyncBatcher bean of this name.");
    }

    @Test
    void aPlaceholderWithoutAValue() {
        class Local {
            @BatchedBy("${which}")
            String text(Long id) {
                return "";
            }
        }
        failsWith(
                run(Local.class),
                "The value of @BatchedBy(\"${which}\") on " + Local.class.getName() + ".text(Long) can't be resolved.",
                "Set the property that it names, or give a default, as in ${name:default}.");
    }

    private void refuses(Class<?> type, String method, String batcher, String reason, String action) {
        failsWith(
                run(type),
                "The method " + type.getName() + "." + method + " can't be @BatchedBy(\"" + batcher + "\"): " + reason,
                action);
    }

    private ApplicationContextRunner run(Class<?> type) {
        return withBean(runner, type);
    }

    /** Local classes have no constructor that the container could call. */
    private static <B> ApplicationContextRunner withBean(ApplicationContextRunner runner, Class<B> type) {
        return runner.withBean("bean", type, () -> new SpringObjenesis().newInstance(type));
    }

    private static void failsWith(ApplicationContextRunner runner, String description, String action) {
        runner.run(context -> assertThat(context)
                .getFailure()
                .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                    assertThat(failure.description()).isEqualTo(description);
                    assertThat(failure.action()).isEqualTo(action);
                }));
    }
}
