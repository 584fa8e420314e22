package io.asyncbatcher.spring.boot.metrics;

import io.asyncbatcher.spring.BatcherMetrics;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.util.function.SingletonSupplier;

/** Auto-configuration of the meters, where there is Micrometer: binds every batcher bean to the meter registry. */
@AutoConfiguration
@ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
final class MetricsAutoConfiguration implements AopInfrastructureBean {

    @Bean
    Attachments<BatcherMetrics> asyncBatcherMeters(Batchers batchers, ObjectProvider<MeterRegistry> registry) {
        // The primary one where there are several: with Spring Boot that is the composite of all.
        SingletonSupplier<MeterRegistry> unique = SingletonSupplier.of(registry::getIfUnique);
        return new Attachments<>(
                batchers,
                batcher -> {
                    MeterRegistry found = unique.get();
                    if (found == null) {
                        return null;
                    }
                    BatcherMetrics metrics = new BatcherMetrics(batcher);
                    metrics.bindTo(found);
                    return metrics;
                },
                (batcher, metrics) -> metrics.close());
    }

    @Bean
    Attachments<RemoteMeters> asyncBatcherRemoteMeters(Batchers batchers, ObjectProvider<MeterRegistry> registry) {
        SingletonSupplier<MeterRegistry> unique = SingletonSupplier.of(registry::getIfUnique);
        return new Attachments<>(
                batchers,
                batcher -> {
                    MeterRegistry found = batcher instanceof RemoteBatcher<?, ?> ? unique.get() : null;
                    return found == null ? null : new RemoteMeters((RemoteBatcher<?, ?>) batcher, found);
                },
                (batcher, meters) -> meters.close());
    }
}
