package io.asyncbatcher.spring.boot.metrics;

import io.asyncbatcher.spring.BatcherMetrics;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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

    /** Of the clients that this application is a worker for. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = {"io.micrometer.core.instrument.MeterRegistry", "io.asyncbatcher.grpc.RemoteItem"})
    static final class OfClients implements AopInfrastructureBean {

        @Bean
        Attachments<ClientMeters> asyncBatcherClientMeters(
                Batchers batchers, BatcherProperties properties, ObjectProvider<MeterRegistry> registry) {
            BatcherProperties.Server server = properties.getServer();
            int limit = server.getMetersByClient();
            if (limit < 0) {
                throw new BatcherConfigurationException(
                        "'batcher.server.meters-by-client' must be 0 or more, but is " + limit + ".",
                        "Set the number of clients that have meters of their own; 0 disables these meters.");
            }
            SingletonSupplier<MeterRegistry> unique = SingletonSupplier.of(registry::getIfUnique);
            return new Attachments<>(
                    batchers,
                    batcher -> {
                        boolean measured = limit > 0 && server.getExpose().contains(batcher.name());
                        MeterRegistry found = measured ? unique.get() : null;
                        if (found == null) {
                            return null;
                        }
                        ClientMeters meters = new ClientMeters(batcher.name(), found, limit);
                        batcher.addListener(meters);
                        return meters;
                    },
                    (batcher, meters) -> {
                        batcher.removeListener(meters);
                        meters.close();
                    });
        }
    }
}
