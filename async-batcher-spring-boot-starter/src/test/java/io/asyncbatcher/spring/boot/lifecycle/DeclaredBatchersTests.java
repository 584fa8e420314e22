package io.asyncbatcher.spring.boot.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.actuate.ShownBatchers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Batchers that the application makes by hand: as much at home as those of methods. */
@SuppressWarnings("unused") // annotated methods are called by reflection
class DeclaredBatchersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=batchers")
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    private static AsyncBatcher<Long, Long> batcher(String name) {
        return AsyncBatcher.<Long, Long>builder(List::copyOf)
                .name(name)
                .maxQueueTime(Duration.ofMinutes(10))
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    static class Declared {
        @Bean
        AsyncBatcher<Long, Long> asBatcher() {
            return batcher("asBatcher");
        }

        @Bean
        BatcherClient<Long, Long> asClient() {
            return batcher("asClient");
        }

        @Bean
        FactoryBean<AsyncBatcher<?, ?>> ofFactory() {
            return new FactoryBean<>() {
                @Override
                public AsyncBatcher<?, ?> getObject() {
                    return batcher("ofFactory");
                }

                @Override
                public Class<?> getObjectType() {
                    return AsyncBatcher.class;
                }
            };
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"asBatcher", "asClient", "ofFactory"})
    void itHasMetersItsPlaceInTheEndpointAndAGracefulEnd(String name) {
        runner.withUserConfiguration(Declared.class).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Long, Long> client = context.getBean(name, BatcherClient.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            CompletableFuture<Long> future = client.process(1L);

            assertThat(registry.get("batcher.queued")
                            .tag("batcher", name)
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(ShownBatchers.of(context, name).queued()).isEqualTo(1);
            assertThat(ShownBatchers.names(context)).contains(name);

            context.close();

            assertThat(future).isCompletedWithValue(1L);
        });
    }

    static class Prices {
        @Batched
        List<String> prices(List<Long> ids) {
            return List.of();
        }
    }

    private static final String CLASH = "are both a batcher of the name 'prices'. Give one of them another name, by"
            + " @Batched(\"…\") or Builder.name(\"…\").";

    @Test
    void theNameOfAMethodsBatcherIsTaken() {
        runner.withBean(Prices.class)
                .withBean("own", AsyncBatcher.class, () -> batcher("prices"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans 'own' and 'pricesBatcherClient' " + CLASH));
    }

    @Test
    void itIsTakenThoughTheBeansNameIsFree() {
        runner.withBean("prices", AsyncBatcher.class, () -> batcher("prices"))
                .withBean(Prices.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("The beans 'prices' and 'pricesBatcherClient' " + CLASH));
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyPrices {
        @Bean
        @Lazy
        AsyncBatcher<Long, Long> own() {
            return batcher("prices");
        }
    }

    @Test
    void aLazyOneFindsItTakenOnItsFirstUse() {
        runner.withBean(Prices.class)
                .withUserConfiguration(LazyPrices.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .satisfies(running -> assertThat(catchThrowable(() -> running.getBean("own")))
                                .isInstanceOf(BeanCreationException.class)
                                .hasStackTraceContaining("The beans 'pricesBatcherClient' and 'own' " + CLASH)));
    }

    @Test
    void twoOfThemOfOneNameStopTheStart() {
        runner.withBean("one", AsyncBatcher.class, () -> batcher("prices"))
                .withBean("two", AsyncBatcher.class, () -> batcher("prices"))
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("The beans 'one' and 'two' " + CLASH));
    }

    @Test
    void aDeclaredBatcherWhoseCreationFailedCanBeMadeAgain() {
        AtomicBoolean tried = new AtomicBoolean();
        runner.withBean(
                        "own",
                        AsyncBatcher.class,
                        () -> AsyncBatcher.<Long, Long>builder(List::copyOf)
                                .name("own")
                                .build(),
                        definition -> definition.setLazyInit(true))
                .withBean(BeanPostProcessor.class, () -> new MergedBeanDefinitionPostProcessor() {
                    @Override
                    public void postProcessMergedBeanDefinition(
                            RootBeanDefinition definition, Class<?> type, String beanName) {
                        // One of this kind is called after all others.
                    }

                    @Override
                    public Object postProcessAfterInitialization(Object bean, String beanName) {
                        if (beanName.equals("own") && tried.compareAndSet(false, true)) {
                            throw new IllegalStateException("not today");
                        }
                        return bean;
                    }
                })
                .run(context -> {
                    assertThat(catchThrowable(() -> context.getBean("own"))).hasStackTraceContaining("not today");
                    AsyncBatcher<?, ?> second = context.getBean("own", AsyncBatcher.class);
                    assertThat(context.getBean(Batchers.class).named("own")).isSameAs(second);
                });
    }
}
