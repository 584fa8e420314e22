package io.asyncbatcher.spring.boot.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatcherMetrics;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

/** Which batchers are measured, and where. */
class BatcherMetersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-queue-time=0")
            .withBean(Texts.class);

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Registry {
        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }

    /** The caller may have its result first, where the thread that tells listeners has not got on for a moment. */
    private static void assertOneSettled(MeterRegistry registry, String batcher) {
        await().untilAsserted(() -> assertThat(registry.get("batcher.item.latency")
                        .tags("batcher", batcher, "outcome", "success")
                        .timer()
                        .count())
                .isEqualTo(1));
    }

    @Test
    void theBatcherOfAMethodIsMeasured() {
        runner.withUserConfiguration(Registry.class).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
            assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
            assertOneSettled(context.getBean(MeterRegistry.class), "texts");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Declared {
        @Bean
        AsyncBatcher<Long, Long> declared() {
            return AsyncBatcher.<Long, Long>builder(List::copyOf)
                    .name("declared")
                    .maxBatchSize(1)
                    .build();
        }

        @Bean
        @Lazy
        AsyncBatcher<Long, Long> late() {
            return AsyncBatcher.<Long, Long>builder(List::copyOf)
                    .name("late")
                    .maxBatchSize(1)
                    .build();
        }
    }

    @Test
    void aDeclaredBatcherIsMeasuredALazyOneFromItsFirstUseOn() {
        runner.withUserConfiguration(Registry.class, Declared.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.find("batcher.queued")
                            .tag("batcher", "declared")
                            .gauge())
                    .isNotNull();
            assertThat(registry.find("batcher.queued").tag("batcher", "late").gauge())
                    .isNull();
            assertThat(context.getBeanFactory().containsSingleton("late")).isFalse();

            @SuppressWarnings("unchecked")
            AsyncBatcher<Long, Long> late = context.getBean("late", AsyncBatcher.class);
            assertThat(late.process(1L)).succeedsWithin(TestTimes.LONG);

            assertOneSettled(registry, "late");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Prototype {
        @Bean
        @Scope("prototype")
        AsyncBatcher<Long, Long> own() {
            return AsyncBatcher.<Long, Long>builder(List::copyOf).name("own").build();
        }
    }

    @Test
    void aPrototypeIsItsOwnersConcern() {
        runner.withUserConfiguration(Registry.class, Prototype.class).run(context -> {
            assertThat(context.getBean("own")).isNotSameAs(context.getBean("own"));
            assertThat(context.getBean(MeterRegistry.class)
                            .find("batcher.queued")
                            .tag("batcher", "own")
                            .gauge())
                    .isNull();
        });
    }

    @Test
    void aMockIsNotMeasured() {
        runner.withUserConfiguration(Registry.class)
                .withBean("mock", AsyncBatcher.class, () -> mock(AsyncBatcher.class))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aRegistryThatOutlivesTheContextIsLeftAsItWas() {
        MeterRegistry registry = new SimpleMeterRegistry();
        runner.withInitializer(context -> context.getBeanFactory().registerSingleton("registry", registry))
                .run(context -> assertThat(registry.getMeters()).isNotEmpty());
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aRestartCountsNothingTwice() {
        runner.withUserConfiguration(Registry.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            int meters = registry.getMeters().size();
            context.stop();
            context.start();
            assertThat(registry.getMeters()).hasSize(meters);
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
            assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
            assertOneSettled(registry, "texts");
        });
    }

    @Test
    void withoutARegistryNothingIsMeasured() {
        runner.run(context -> assertThat(context).hasNotFailed().hasBean("asyncBatcherMeters"));
    }

    @Test
    void withoutMicrometerNothingIsMeasured() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean("asyncBatcherMeters");
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
            assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
        });
    }

    @Test
    void theContextThatIsLeftKeepsItsMeters() {
        MeterRegistry registry = new SimpleMeterRegistry();
        ApplicationContextRunner sharing =
                runner.withInitializer(context -> context.getBeanFactory().registerSingleton("registry", registry));
        sharing.run(context -> {
            sharing.run(other -> assertThat(other).hasNotFailed());
            assertThat(registry.get("batcher.queued").gauge().value()).isZero();
            @SuppressWarnings("unchecked")
            AsyncBatcher<Long, String> texts = context.getBean("textsBatcherClient", AsyncBatcher.class);
            assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
            assertOneSettled(registry, "texts");
            texts.pause();
            texts.process(2L);
            assertThat(registry.get("batcher.queued").gauge().value()).isEqualTo(1);
        });
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aParentsMetersOutliveItsChild() {
        runner.withUserConfiguration(Registry.class).run(parent -> {
            runner.withParent(parent).run(child -> assertThat(child).hasNotFailed());
            MeterRegistry registry = parent.getBean(MeterRegistry.class);
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> texts = parent.getBean("textsBatcherClient", BatcherClient.class);
            assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
            assertOneSettled(registry, "texts");
            assertThat(registry.get("batcher.paused").gauge().value()).isZero();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Bound {
        @Bean
        BatcherMetrics textsMetrics(AsyncBatcher<Long, String> texts, MeterRegistry registry) {
            BatcherMetrics metrics = new BatcherMetrics(texts);
            metrics.bindTo(registry); // as Boot does with every MeterBinder
            return metrics;
        }
    }

    @Test
    void aBatcherThatTheApplicationMeasuresItselfCountsOnce() {
        runner.withUserConfiguration(Registry.class, Bound.class).run(context -> {
            @SuppressWarnings("unchecked")
            BatcherClient<Long, String> texts = context.getBean("textsBatcherClient", BatcherClient.class);
            assertThat(texts.process(1L)).succeedsWithin(TestTimes.LONG);
            assertOneSettled(context.getBean(MeterRegistry.class), "texts");
        });
    }
}
