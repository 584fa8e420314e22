package io.asyncbatcher.spring.boot;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.spring.BatcherCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Makes a client bean of every method with {@link io.asyncbatcher.spring.Batched}, sends the calls of methods with {@link
 * io.asyncbatcher.spring.BatchedBy} there, and gives every batcher bean its metrics, its spans, its graceful stop and its
 * place in endpoint and health {@code batchers}. In a web application it responds to failures raised by a batcher. Switched
 * off by {@code batcher.enabled=false}. Micrometer, its tracing, Actuator and spring-web may be missing; then so are metrics,
 * spans, endpoint and health, and responses.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE) // so that advice of others, as validation, is there before @BatchedBy's
@ConditionalOnProperty(name = "batcher.enabled", matchIfMissing = true)
@EnableConfigurationProperties(BatcherProperties.class)
@Import({ActuatorConfiguration.class, BatchedByConfiguration.class, WebConfiguration.class})
public final class BatcherAutoConfiguration implements AopInfrastructureBean {

    @Bean
    static BatchedMethodRegistrar asyncBatcherMethods(Environment environment) {
        return new BatchedMethodRegistrar(environment);
    }

    @Bean
    static Batchers asyncBatchers(ConfigurableListableBeanFactory beanFactory) {
        return new Batchers(beanFactory);
    }

    @Bean(BatcherFactory.BEAN_NAME)
    BatcherFactory asyncBatcherFactory(
            BatchedMethodRegistrar registrar,
            BatcherProperties properties,
            ObjectProvider<BatcherCustomizer> customizers,
            ConfigurableListableBeanFactory beanFactory,
            Environment environment) {
        return new BatcherFactory(registrar, properties, customizers, beanFactory, environment);
    }

    @Bean
    static SettingsRefresh asyncBatcherSettingsRefresh(ObjectProvider<BatcherFactory> batchers) {
        return new SettingsRefresh(batchers);
    }

    @Bean
    BatcherLifecycle asyncBatcherLifecycle(Batchers batchers, ApplicationContext context) {
        return new BatcherLifecycle(batchers, context);
    }

    @Bean
    StopNotice asyncBatcherStopNotice(BatcherLifecycle lifecycle) {
        return new StopNotice(lifecycle);
    }

    @Bean
    @ConditionalOnProperty(name = "batcher.log-failures", matchIfMissing = true)
    FailureLogs asyncBatcherFailureLogs(Batchers batchers) {
        return new FailureLogs(batchers, TimeSource.system());
    }

    @Bean
    Wirings asyncBatcherWirings(
            Batchers batchers, BatcherFactory factory, ConfigurableListableBeanFactory beanFactory) {
        return new Wirings(batchers, factory, beanFactory);
    }

    @Bean
    StartupReport asyncBatcherStartupReport(Batchers batchers, Wirings wirings) {
        return new StartupReport(batchers, wirings);
    }

    /** What needs Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
    static final class MetricsConfiguration implements AopInfrastructureBean {

        @Bean
        BatcherMeters asyncBatcherMeters(Batchers batchers, ObjectProvider<MeterRegistry> registry) {
            return new BatcherMeters(batchers, registry);
        }
    }

    /** What needs Micrometer Tracing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.tracing.Tracer")
    static final class TracingConfiguration implements AopInfrastructureBean {

        @Bean
        BatcherTraces asyncBatcherTraces(Batchers batchers, ObjectProvider<Tracer> tracer, BatcherFactory factory) {
            return new BatcherTraces(batchers, tracer, factory::isTraced);
        }
    }
}
