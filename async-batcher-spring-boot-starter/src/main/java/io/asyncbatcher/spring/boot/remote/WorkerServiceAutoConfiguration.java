package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.grpc.ServerBuilder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
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
        beforeName = { // of Spring Boot 4, and before that of Spring gRPC
            "org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration",
            "org.springframework.boot.grpc.server.autoconfigure.GrpcServerFactoryAutoConfiguration",
            "org.springframework.grpc.autoconfigure.server.GrpcServerAutoConfiguration",
            "org.springframework.grpc.autoconfigure.server.GrpcServerFactoryAutoConfiguration"
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
    ApplicationListener<ContextClosedEvent> asyncBatcherWorkerDrain(GrpcWorker worker, ApplicationContext context) {
        return closed -> {
            if (closed.getApplicationContext() == context) { // a parent hears of its children's ends, too
                worker.drain();
            }
        };
    }

    /** Permits the keepalive of clients at the server of Spring gRPC, where no property says how often pings may come. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ServerBuilderCustomizer.class)
    static final class SpringGrpc implements AopInfrastructureBean {

        private static final String PREFIX = "spring.grpc.server.";
        private static final long PERMITTED_SECONDS = 10;

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        <B extends ServerBuilder<B>> ServerBuilderCustomizer<B> asyncBatcherKeepalive(Environment environment) {
            return server -> {
                try {
                    permit(server, environment);
                } catch (UnsupportedOperationException inProcessOrServlet) {
                    // has no connections of its own
                }
            };
        }

        /** Each property has two names: of Spring Boot 4.1, and before. */
        private static void permit(ServerBuilder<?> server, Environment environment) {
            if (!isSet(environment, "keepalive.permit.time", "keep-alive.permit-time")) {
                server.permitKeepAliveTime(PERMITTED_SECONDS, TimeUnit.SECONDS);
            }
            if (!isSet(environment, "keepalive.permit.without-calls", "keep-alive.permit-without-calls")) {
                server.permitKeepAliveWithoutCalls(true);
            }
        }

        private static boolean isSet(Environment environment, String... names) {
            return Arrays.stream(names).anyMatch(name -> environment.containsProperty(PREFIX + name));
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
