package io.asyncbatcher.spring.boot.beans;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.testing.BatchLog;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ResolvableType;

/** Functions of the item and listeners that options name; executors are in {@link ExecutorsTests}. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class NamedBeansTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withUserConfiguration(Functions.class)
            .withPropertyValues("batcher.max-queue-time=10m")
            .withBean(Words.class);

    static class Words {

        private final List<List<String>> batches = new CopyOnWriteArrayList<>();

        @Batched
        List<Integer> words(List<String> words) {
            batches.add(List.copyOf(words));
            if (words.contains("poison")) {
                throw new IllegalArgumentException("poison");
            }
            return words.stream().map(String::length).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {
        @Bean
        ToLongFunction<String> length() {
            return String::length;
        }

        @Bean
        ToLongFunction<Object> anything() {
            return item -> 1;
        }

        @Bean
        ToLongFunction<Long> value() {
            return id -> id;
        }

        @Bean
        Function<CharSequence, Character> firstLetter() {
            return word -> word.charAt(0);
        }

        @Bean
        ToIntFunction<CharSequence> capitals() {
            return word -> (int) word.chars().filter(Character::isUpperCase).count();
        }

        @Bean
        Predicate<Throwable> isPoison() {
            return failure -> "poison".equals(failure.getMessage());
        }

        @Bean
        BatchLog batchLog() {
            return new BatchLog();
        }
    }

    @SuppressWarnings("unchecked")
    private static BatcherClient<String, Integer> client(ApplicationContext context) {
        return context.getBean("wordsBatcherClient", BatcherClient.class);
    }

    private static List<List<String>> batches(ApplicationContext context) {
        return context.getBean(Words.class).batches;
    }

    @Test
    void aWeigherIsNamedByProperty() {
        runner.withPropertyValues("batcher.max-batch-weight=10", "batcher.instances.words.weigher=length")
                .run(context -> {
                    assertThat(client(context).processAll(List.of("seven..", "six...", "four")))
                            .succeedsWithin(TestTimes.LONG);
                    assertThat(batches(context)).containsExactly(List.of("seven.."), List.of("six...", "four"));
                    assertThat(client(context).process("more than ten"))
                            .failsWithin(TestTimes.LONG)
                            .withThrowableThat()
                            .withCauseInstanceOf(ItemTooHeavyException.class);
                });
    }

    @Test
    void aKeyIsNamedByProperty() {
        runner.withPropertyValues("batcher.partition-by=firstLetter", "batcher.max-batch-size=2")
                .run(context -> {
                    assertThat(client(context).processAll(List.of("apple", "banana", "blueberry", "avocado")))
                            .succeedsWithin(TestTimes.LONG);
                    assertThat(batches(context))
                            .containsExactlyInAnyOrder(List.of("apple", "avocado"), List.of("banana", "blueberry"));
                });
    }

    @Test
    void aPriorityIsNamedByProperty() {
        runner.withPropertyValues("batcher.prioritize-by=capitals", "batcher.max-batch-size=2")
                .run(context -> {
                    AsyncBatcher<String, Integer> batcher = batcher(context);
                    batcher.pause();
                    CompletableFuture<List<Integer>> all =
                            batcher.processAll(List.of("low", "High", "HIGHER", "other"));
                    batcher.resume();

                    assertThat(all).succeedsWithin(TestTimes.LONG);
                    assertThat(batches(context)).containsExactly(List.of("HIGHER", "High"), List.of("low", "other"));
                    assertThat(batcher.process("ABCDEFGHIJ"))
                            .failsWithin(TestTimes.LONG)
                            .withThrowableThat()
                            .withCauseInstanceOf(IllegalArgumentException.class)
                            .withMessageContaining("0 to 9");
                });
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<String, Integer> batcher(ApplicationContext context) {
        return context.getBean("wordsBatcherClient", AsyncBatcher.class);
    }

    @Test
    void aFunctionOfAnotherTypeIsNoPriority() {
        runner.withPropertyValues("batcher.prioritize-by=firstLetter")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("'batcher.prioritize-by'")
                        .hasMessageContaining("firstLetter")
                        .hasMessageContaining("ToIntFunction"));
    }

    @Test
    void failuresToIsolateAreToldByAPredicate() {
        runner.withPropertyValues("batcher.isolate-failures=isPoison", "batcher.max-batch-size=2")
                .run(context -> {
                    var fine = client(context).process("fine");
                    var poison = client(context).process("poison");
                    assertThat(fine).succeedsWithin(TestTimes.LONG).isEqualTo(4);
                    assertThat(poison)
                            .failsWithin(TestTimes.LONG)
                            .withThrowableThat()
                            .withCauseInstanceOf(IllegalArgumentException.class);
                });
    }

    @Test
    void aListenerIsTold() {
        runner.withPropertyValues("batcher.listener=batchLog", "batcher.max-batch-size=2")
                .run(context -> {
                    assertThat(client(context).processAll(List.of("a", "bc"))).succeedsWithin(TestTimes.LONG);
                    assertThat(context.getBean(BatchLog.class).dispatched()).hasSize(1);
                });
    }

    @Test
    void aListenerThatIsABeanIsToldOfEverything() {
        assertThat(Arrays.stream(ListenerBean.class.getDeclaredMethods())
                        .filter(method -> !method.isSynthetic())
                        .map(Method::getName))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(BatcherListener.class.getMethods())
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void theAnnotationNamesBeansToo() {
        class Local {

            private final List<List<String>> batches = new CopyOnWriteArrayList<>();

            @Batched(
                    maxBatchWeight = "10",
                    weigher = "length",
                    partitionBy = "firstLetter",
                    prioritizeBy = "capitals",
                    isolateFailures = "isPoison",
                    listener = "batchLog",
                    maxQueueTime = "0")
            List<Integer> annotated(List<String> words) {
                batches.add(List.copyOf(words));
                return words.stream().map(String::length).toList();
            }
        }
        runner.withBean(Local.class, Local::new).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<String, Integer> client = context.getBean("annotatedBatcherClient", BatcherClient.class);
            assertThat(client.processAll(List.of("apple", "banana"))).succeedsWithin(TestTimes.LONG);
            assertThat(context.getBean(Local.class).batches).containsExactly(List.of("apple"), List.of("banana"));
            assertThat(context.getBean(BatchLog.class).dispatched()).hasSize(2);
            assertThat(client.process("more than ten"))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(ItemTooHeavyException.class);
        });
    }

    @Test
    void anEmptyNameTakesAwayWhatIsNamedForAll() {
        runner.withPropertyValues("batcher.partition-by=missing", "batcher.instances.words.partition-by=")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aFunctionOfASupertypeServesEveryBatcher() {
        runner.withPropertyValues("batcher.weigher=anything")
                .run(context -> assertThat(context).hasNotFailed());
    }

    /** Weighs its own items, and has its own client. */
    static class SelfService implements ToLongFunction<String> {

        private final BatcherClient<String, Void> self;

        SelfService(BatcherClient<String, Void> self) {
            this.self = self;
        }

        @Batched(maxBatchWeight = "3", weigher = "selfService", maxQueueTime = "0")
        void take(List<String> items) {}

        @Override
        public long applyAsLong(String item) {
            return item.length();
        }
    }

    @Test
    void theAnnotatedBeanItselfMayBeTheFunction() {
        runner.withBean("selfService", SelfService.class).run(context -> {
            BatcherClient<String, Void> client = context.getBean(SelfService.class).self;
            assertThat(client.process("abc")).succeedsWithin(TestTimes.LONG);
            assertThat(client.process("abcd"))
                    .failsWithin(TestTimes.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(ItemTooHeavyException.class);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyFunction {
        @Bean
        @Lazy
        Function<String, String> lazy() {
            return word -> word;
        }
    }

    @Test
    void aLazyFunctionStaysLazyUntilTheFirstItem() {
        runner.withUserConfiguration(LazyFunction.class)
                .withPropertyValues("batcher.partition-by=lazy", "batcher.max-queue-time=0")
                .run(context -> {
                    assertThat(context.getBeanFactory().containsSingleton("lazy"))
                            .isFalse();
                    assertThat(client(context).process("a")).succeedsWithin(TestTimes.LONG);
                    assertThat(context.getBeanFactory().containsSingleton("lazy"))
                            .isTrue();
                });
    }

    private void refuses(String description, String action, String... properties) {
        runner.withPropertyValues(properties)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(BatcherConfigurationException.class, failure -> {
                            assertThat(failure.description()).isEqualTo(description);
                            assertThat(failure.action()).isEqualTo(action);
                        }));
    }

    private static String origin(String property) {
        return "'" + property + "' (from \"" + property + "\" from property source \"test\")";
    }

    @Test
    void aBeanThatDoesNotExistStopsTheStart() {
        refuses(
                "Batcher 'words' is to use the bean 'lenght' that " + origin("batcher.weigher")
                        + " names, but there is none.",
                "Name one of the beans of type ToLongFunction<java.lang.String> (length, anything), or remove the"
                        + " option.",
                "batcher.weigher=lenght");
    }

    @Test
    void aBeanOfAnotherTypeStopsTheStart() {
        refuses(
                "Batcher 'words' is to use the bean 'length' that " + origin("batcher.instances.words.partition-by")
                        + " names, but it is no Function.",
                "Name one of the beans of type Function<java.lang.String, ?> (firstLetter), or remove the option.",
                "batcher.instances.words.partition-by=length");
    }

    @Test
    void aFunctionOfOtherItemsStopsTheStart() {
        refuses(
                "Batcher 'words' is to use the bean 'value' that " + origin("batcher.weigher")
                        + " names, but it is no ToLongFunction<java.lang.String>.",
                "Name one of the beans of type ToLongFunction<java.lang.String> (length, anything), or remove the"
                        + " option.",
                "batcher.weigher=value");
    }

    @Test
    void aBeanThatTheAnnotationNamesIsNamedWithTheMethod() {
        class Local {
            @Batched(listener = "length")
            void annotated(List<String> words) {}
        }
        runner.withBean(Local.class, Local::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessage("Batcher 'annotated' is to use the bean 'length' that @Batched(listener) on "
                                + Local.class.getName()
                                + ".annotated(List) names, but it is no BatcherListener. Name one of the"
                                + " beans of type BatcherListener (batchLog), or remove the option."));
    }

    @Test
    void whereThereIsNoneToNameOneIsAskedFor() {
        refuses(
                "Batcher 'words' is to use the bean 'pool' that " + origin("batcher.executor")
                        + " names, but there is none.",
                "Define a bean of type Executor and this name, or remove the option.",
                "batcher.executor=pool");
    }

    /** Says nothing of its items. */
    @SuppressWarnings("rawtypes")
    static class Raw implements Function {
        @Override
        public Object apply(Object item) {
            return item;
        }
    }

    interface Typed {
        ToLongFunction<List<String>> same();

        ToLongFunction<Collection<? extends CharSequence>> wider();

        ToLongFunction<? super List<String>> lowerBound();

        ToLongFunction<?> unknown();

        ToLongFunction<List<Integer>> ofOtherElements();

        ToLongFunction<Set<String>> ofAnotherClass();

        <N extends Number> ToLongFunction<N> ofABound();

        <C extends Collection<?>> ToLongFunction<C> ofABoundThatFits();
    }

    @ParameterizedTest
    @CsvSource({
        "same, false",
        "wider, false",
        "lowerBound, false",
        "unknown, false",
        "ofABoundThatFits, false",
        "ofOtherElements, true",
        "ofAnotherClass, true",
        "ofABound, true"
    })
    void onlyTypesThatCanBeSeenToDifferAreRefused(String method, boolean refused) throws NoSuchMethodException {
        NamedBean.Wanted wanted = new NamedBean.Wanted(
                ToLongFunction.class, ResolvableType.forClassWithGenerics(List.class, String.class));
        assertThat(wanted.contradicts(ResolvableType.forMethodReturnType(Typed.class.getDeclaredMethod(method))))
                .isEqualTo(refused);
    }

    @Test
    void whatHidesItsTypesIsTaken() {
        runner.withBean("raw", Raw.class)
                .withInitializer(context ->
                        context.getBeanFactory().registerSingleton("lambda", (ToLongFunction<String>) String::length))
                .withPropertyValues("batcher.partition-by=raw", "batcher.weigher=lambda")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aWeightWithoutAWeigherStopsTheStart() {
        runner.withPropertyValues("batcher.max-batch-weight=10")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The value of " + origin("batcher.max-batch-weight")
                                + " takes a weigher, and batcher 'words' has none. Name a bean of type ToLongFunction by"
                                + " 'batcher.instances.words.weigher' or @Batched(weigher = \"…\"), or set"
                                + " 'batcher.instances.words.max-batch-weight' to -1."));
    }

    @Test
    void aWeigherWithoutAWeightWeighsForNothing() {
        runner.withPropertyValues("batcher.weigher=length", "batcher.max-queue-time=0")
                .run(context ->
                        assertThat(client(context).process("more than ten")).succeedsWithin(TestTimes.LONG));
    }
}
