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
 * Makes a client bean of every method with {@link io.asyncbatcher.spring.Batched}, sends the calls of methods with {@link
 * io.asyncbatcher.spring.BatchedBy} there, and gives every batcher bean its metrics, its spans, its graceful stop and its
 * place in endpoint and health {@code batchers}. In a web application it responds to failures raised by a batcher. Switched
 * off by {@code batcher.enabled=false}. Micrometer, its tracing, Actuator and spring-web may be missing; then so are metrics,
 * spans, endpoint and health, and responses.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE) // so that advice of others, as validation, is there before @BatchedBy's
@ConditionalOnProperty(name = "batcher.enabled", matchIfMissing = true)
@Import(BatcherAutoConfiguration.Concerns.class)
public final class BatcherAutoConfiguration implements AopInfrastructureBean {

    /**
     * Reads the names of the concerns' auto-configurations from {@code
     * META-INF/spring/io.asyncbatcher.spring.boot.BatcherAutoConfiguration.imports}, in the order of that file. They are no
     * entries of Boot's own list: who imports or excludes this class has all or none of them.
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
