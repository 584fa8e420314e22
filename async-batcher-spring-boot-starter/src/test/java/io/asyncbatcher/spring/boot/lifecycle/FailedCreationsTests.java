package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A bean whose first creation fails is tried again by the next item, and takes nobody else down. */
class FailedCreationsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0");

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    record User(BatcherClient<Long, String> client) {}

    /** Gives the bean the second time. */
    private static <T> Supplier<T> failingFirst(Supplier<T> bean) {
        AtomicBoolean tried = new AtomicBoolean();
        return () -> {
            if (tried.compareAndSet(false, true)) {
                throw new IllegalStateException("not today");
            }
            return bean.get();
        };
    }

    private static void failsOnceAndThenWorks(ApplicationContext context) {
        BatcherClient<Long, String> client = context.getBean(User.class).client();
        assertThat(client.process(1L))
                .failsWithin(TestTimes.LONG)
                .withThrowableThat()
                .withStackTraceContaining("not today");
        assertThat(client.process(2L)).succeedsWithin(TestTimes.LONG).isEqualTo("text 2");
        assertThat(context.getBean(BatcherClient.class)).isSameAs(client);
        assertThat(context.getBean(Batchers.class).named("texts")).isNotNull();
    }

    @Test
    void aLazyTarget() {
        runner.withBean("bean", Texts.class, failingFirst(Texts::new), definition -> definition.setLazyInit(true))
                .withBean(User.class)
                .run(FailedCreationsTests::failsOnceAndThenWorks);
    }

    @Test
    void aTargetWhereEverythingIsLazy() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withBean("bean", Texts.class, failingFirst(Texts::new))
                .withBean(User.class)
                .run(FailedCreationsTests::failsOnceAndThenWorks);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    <B> void aLazyBeanThatAnOptionNames(String option, Class<B> type, B bean) {
        runner.withBean("named", type, failingFirst(() -> bean), definition -> definition.setLazyInit(true))
                .withPropertyValues("batcher." + option + "=named", "batcher.instances.texts.max-batch-weight=10")
                .withPropertyValues(option.equals("weigher") ? "" : "batcher.instances.texts.weigher=one")
                .withBean("one", ToLongFunction.class, () -> item -> 1)
                .withBean(Texts.class)
                .withBean(User.class)
                .run(FailedCreationsTests::failsOnceAndThenWorks);
    }

    static Stream<Arguments> aLazyBeanThatAnOptionNames() {
        return Stream.of(
                Arguments.of("executor", Executor.class, (Executor) Runnable::run),
                Arguments.of("completion-executor", Executor.class, (Executor) Runnable::run),
                Arguments.of("weigher", ToLongFunction.class, (ToLongFunction<Object>) item -> 1),
                Arguments.of("partition-by", Function.class, (Function<Object, Object>) item -> 1),
                Arguments.of("listener", BatcherListener.class, new BatcherListener() {}));
    }

    @Test
    void theClientIsStillClosedBeforeItsTarget() {
        class Closing extends Texts implements AutoCloseable {
            private boolean clientWasStopped;
            private AsyncBatcher<?, ?> client;

            @Override
            public void close() {
                clientWasStopped = !client.isRunning();
            }
        }
        Closing target = new Closing();
        runner.withBean("bean", Closing.class, () -> target, definition -> {
                    definition.setLazyInit(true);
                    definition.setDestroyMethodName("close");
                })
                .run(context -> {
                    target.client = context.getBean("textsBatcherClient", AsyncBatcher.class);
                    assertThat(target.client.processAll(List.of())).isNotNull();
                    // Past the graceful stop of the whole context, which would hide the order.
                    ((GenericApplicationContext) context.getSourceApplicationContext())
                            .getDefaultListableBeanFactory()
                            .destroySingleton("bean");
                });
        assertThat(target.clientWasStopped).isTrue();
    }
}
