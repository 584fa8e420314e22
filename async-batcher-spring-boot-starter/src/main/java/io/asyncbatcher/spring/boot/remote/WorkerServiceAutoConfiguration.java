package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.grpc.ServerBuilder;
import java.util.concurrent.TimeUnit;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * Auto-configuration of the service that offers batchers to other applications on a gRPC server of the application, such as
 * that of Spring gRPC, which serves every bean of its kind. In the list of Spring Boot by itself, because Spring gRPC only
 * makes a server where it finds a service, and {@link io.asyncbatcher.spring.boot.BatcherAutoConfiguration} comes last.
 */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration",
            "org.springframework.grpc.autoconfigure.server.GrpcServerAutoConfiguration" // of Spring Boot 3.5
        })
@ConditionalOnProperty(name = "batcher.enabled", matchIfMissing = true)
@ConditionalOnClass(name = RemoteAutoConfiguration.MODULE)
@Conditional(WorkerServiceAutoConfiguration.ServiceOnly.class)
final class WorkerServiceAutoConfiguration implements AopInfrastructureBean {

    @Bean
    GrpcWorker asyncBatcherWorker(ObjectProvider<WorkerServers> workers) {
        WorkerServers servers = workers.getIfAvailable();
        if (servers == null) {
            throw new BatcherConfigurationException(
                    "'batcher.server.expose' lists batchers, but BatcherAutoConfiguration is excluded.",
                    "Remove the exclusion, or the property.");
        }
        return servers.worker();
    }

    @Bean
    @SuppressWarnings("FutureReturnValueIgnored") // the server waits for its streams
    ApplicationListener<ContextClosedEvent> asyncBatcherWorkerDrain(GrpcWorker worker) {
        return closed -> worker.drain();
    }

    /** Permits the keepalive of clients at Spring gRPC's server, where its properties say nothing of that. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ServerBuilderCustomizer.class)
    static final class SpringGrpc implements AopInfrastructureBean {

        private static final String PERMIT = "spring.grpc.server.keepalive.permit.";
        private static final long PERMITTED_SECONDS = 10;

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        <B extends ServerBuilder<B>> ServerBuilderCustomizer<B> asyncBatcherKeepalive(Environment environment) {
            return server -> {
                if (!environment.containsProperty(PERMIT + "time")) {
                    server.permitKeepAliveTime(PERMITTED_SECONDS, TimeUnit.SECONDS);
                }
                if (!environment.containsProperty(PERMIT + "without-calls")) {
                    server.permitKeepAliveWithoutCalls(true);
                }
            };
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
