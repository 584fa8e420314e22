package io.asyncbatcher.spring.boot.tracing;

import io.asyncbatcher.grpc.TracePropagation;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration of the spans, where there is Micrometer Tracing: traces every batcher bean whose settings don't deny it. */
@AutoConfiguration
@ConditionalOnClass(name = "io.micrometer.tracing.Tracer")
final class TracingAutoConfiguration implements AopInfrastructureBean {

    @Bean
    Attachments<BatchSpans> asyncBatcherTraces(
            Batchers batchers, ObjectProvider<Tracer> tracer, ConfiguredBatchers configured) {
        return Attachments.ofListeners(batchers, batcher -> {
            Tracer unique = configured.isTraced(batcher.name()) ? tracer.getIfUnique() : null;
            // Spring Boot's stand-in where tracing is switched off: nothing is to be remembered for it.
            return unique == null || unique == Tracer.NOOP ? null : new BatchSpans(unique);
        });
    }

    /** The callers' traces at workers in other applications. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.asyncbatcher.grpc.TracePropagation")
    @ConditionalOnBean({Tracer.class, Propagator.class})
    static final class Remote implements AopInfrastructureBean {

        @Bean
        @ConditionalOnMissingBean
        TracePropagation asyncBatcherTracePropagation(Tracer tracer, Propagator propagator) {
            return new CallerPropagation(tracer, propagator);
        }
    }
}
