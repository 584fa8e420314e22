package io.asyncbatcher.spring.boot.remote;

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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of batchers of other applications, and of those that others can reach, where there is {@code
 * async-batcher-grpc}; without it, what wants one of them fails the start.
 */
@AutoConfiguration
final class RemoteAutoConfiguration implements AopInfrastructureBean {

    static final String MODULE = "io.asyncbatcher.grpc.GrpcBatcher";

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
}
