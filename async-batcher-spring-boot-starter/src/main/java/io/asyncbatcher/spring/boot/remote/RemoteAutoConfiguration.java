package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.methods.BatchedMethodIndex;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import java.time.Duration;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Auto-configuration of batchers of other applications, and of those that others can reach, where there is {@code
 * async-batcher-grpc}; without it, what wants one of them fails the start.
 */
@AutoConfiguration
final class RemoteAutoConfiguration implements AopInfrastructureBean {

    private static final String MODULE = "io.asyncbatcher.grpc.GrpcBatcher";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass(MODULE)
    static final class WithoutModule implements AopInfrastructureBean {

        @Bean
        static MissingArtifactCheck asyncBatcherMissingArtifactCheck(Environment environment) {
            return new MissingArtifactCheck(environment);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = MODULE)
    static final class WithModule implements AopInfrastructureBean {

        @Bean
        static InjectionPoints asyncBatcherRemoteInjectionPoints(Environment environment) {
            return new InjectionPoints(environment);
        }

        @Bean
        static RemoteClients asyncBatcherRemoteClients(
                ConfigurableListableBeanFactory beanFactory, Environment environment) {
            return new RemoteClients(beanFactory, environment);
        }

        @Bean
        WorkerServers asyncBatcherWorkers(
                BatcherProperties properties,
                Batchers batchers,
                BatchedMethodIndex index,
                ConfigurableListableBeanFactory beanFactory) {
            return new WorkerServers(properties.getServer(), batchers, index, beanFactory);
        }
    }

    /** A server of its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = MODULE)
    @ConditionalOnProperty("batcher.server.port")
    static final class OwnServer implements AopInfrastructureBean {

        @Bean
        WorkerLifecycle asyncBatcherServer(
                WorkerServers workers,
                BatcherProperties properties,
                ObjectProvider<SslBundles> bundles,
                Environment environment) {
            BatcherProperties.Server server = properties.getServer();
            return new WorkerLifecycle(
                    workers,
                    server,
                    new Tls(bundles)
                            .ofServer(server.getSslBundle(), server.isClientAuth(), "batcher.server.ssl-bundle"),
                    environment.getProperty(
                            "spring.lifecycle.timeout-per-shutdown-phase", Duration.class, Duration.ofSeconds(30)));
        }
    }

    /** A service for a server that is there, such as Spring gRPC's, which serves every bean of its kind. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = MODULE)
    @Conditional(ServiceOnly.class)
    static final class OthersServer implements AopInfrastructureBean {

        @Bean
        GrpcWorker asyncBatcherWorker(WorkerServers workers) {
            return workers.worker();
        }

        @Bean
        @SuppressWarnings("FutureReturnValueIgnored") // the server waits for its streams
        ApplicationListener<ContextClosedEvent> asyncBatcherWorkerDrain(GrpcWorker worker) {
            return closed -> worker.drain();
        }
    }

    /** Batchers are exposed, and there is no port. */
    static final class ServiceOnly implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment environment = context.getEnvironment();
            return !environment.containsProperty("batcher.server.port")
                    && (environment.containsProperty("batcher.server.expose")
                            || environment.containsProperty("batcher.server.expose[0]"));
        }
    }
}
