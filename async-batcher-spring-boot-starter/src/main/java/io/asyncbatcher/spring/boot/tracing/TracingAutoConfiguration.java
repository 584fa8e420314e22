package io.asyncbatcher.spring.boot.tracing;

import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import io.micrometer.tracing.Tracer;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

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
}
