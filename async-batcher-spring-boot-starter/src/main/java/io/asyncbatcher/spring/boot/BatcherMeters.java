package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.BatcherMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Binds every batcher bean to the application's meter registry: once all singletons are there, so that neither a registry
 * nor a batcher is made earlier than without it, and a batcher that comes later when it comes.
 */
final class BatcherMeters implements DestructionAwareBeanPostProcessor, SmartInitializingSingleton {

    private final ObjectProvider<MeterRegistry> registry;
    private final Map<AsyncBatcher<?, ?>, BatcherMetrics> metrics = new ConcurrentHashMap<>();
    private volatile boolean started;

    BatcherMeters(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof AsyncBatcher<?, ?> batcher) {
            BatcherMetrics added = metrics.computeIfAbsent(batcher, BatcherMetrics::new);
            if (started) {
                bind(added);
            }
        }
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        started = true;
        metrics.values().forEach(this::bind);
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        BatcherMetrics removed = bean instanceof AsyncBatcher<?, ?> batcher ? metrics.remove(batcher) : null;
        if (removed != null) {
            removed.close();
        }
    }

    private void bind(BatcherMetrics added) {
        // The primary one where there are several: with Spring Boot that is the composite of all.
        registry.ifUnique(added::bindTo);
    }
}
