package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.BatcherMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.function.SingletonSupplier;

/**
 * Binds every batcher bean to the application's meter registry: once all singletons are there, so that no registry is
 * made earlier than without it, and a batcher that comes later when it comes.
 */
final class BatcherMeters implements Batchers.Watcher, SmartInitializingSingleton, AopInfrastructureBean {

    private final Batchers batchers;
    private final SingletonSupplier<MeterRegistry> registry;
    private final Map<AsyncBatcher<?, ?>, BatcherMetrics> metrics = new ConcurrentHashMap<>();

    BatcherMeters(Batchers batchers, ObjectProvider<MeterRegistry> registry) {
        this.batchers = batchers;
        // The primary one where there are several: with Spring Boot that is the composite of all.
        this.registry = SingletonSupplier.of(registry::getIfUnique);
    }

    @Override
    public void afterSingletonsInstantiated() {
        batchers.watch(this);
    }

    @Override
    public void added(AsyncBatcher<?, ?> batcher) {
        MeterRegistry unique = registry.get();
        if (unique != null) {
            metrics.computeIfAbsent(batcher, BatcherMetrics::new).bindTo(unique);
        }
    }

    @Override
    public void removed(AsyncBatcher<?, ?> batcher) {
        BatcherMetrics removed = metrics.remove(batcher);
        if (removed != null) {
            removed.close();
        }
    }
}
