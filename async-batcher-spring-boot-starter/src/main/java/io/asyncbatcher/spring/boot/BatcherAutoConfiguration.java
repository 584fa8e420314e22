package io.asyncbatcher.spring.boot;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.Ordered;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Auto-configuration of batchers. Adds a client bean for every {@link io.asyncbatcher.spring.Batched} method, and
 * submits the calls of {@link io.asyncbatcher.spring.BatchedBy} methods to batchers. Every batcher bean gets metrics,
 * spans and a graceful stop, and is shown by the endpoint {@code batchers} and by health. Web applications respond to
 * failures raised by a batcher. Disabled by {@code batcher.enabled=false}. Micrometer, Micrometer Tracing, Actuator and
 * spring-web are optional. Without them, there are no metrics, spans, endpoint and health, and responses.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE) // so that advice of others, as validation, is there before @BatchedBy's
@ConditionalOnProperty(name = "batcher.enabled", matchIfMissing = true)
@Import(BatcherAutoConfiguration.Concerns.class)
public final class BatcherAutoConfiguration implements AopInfrastructureBean {

    /**
     * Reads the names of the concerns' auto-configurations from
     * {@code META-INF/spring/io.asyncbatcher.spring.boot.BatcherAutoConfiguration.imports}, in the order of that file.
     * They are not in the list of Spring Boot: importing or excluding this class imports or excludes all of them. Only the
     * service for a gRPC server of the application is in that list by itself, because it has to come early.
     */
    static final class Concerns implements ImportSelector {
        @Override
        public String[] selectImports(AnnotationMetadata importing) {
            return ImportCandidates.load(
                            BatcherAutoConfiguration.class, BatcherAutoConfiguration.class.getClassLoader())
                    .getCandidates()
                    .toArray(String[]::new);
        }
    }
}
