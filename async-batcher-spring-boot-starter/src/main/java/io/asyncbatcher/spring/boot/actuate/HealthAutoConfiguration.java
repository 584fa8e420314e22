package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Auto-configuration of the health of the batchers. Switched as Boot switches its own indicators, whose condition has
 * another package in each line.
 */
@AutoConfiguration
@ConditionalOnClass(
        name = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint")
@Conditional(HealthAutoConfiguration.HealthSwitches.class)
@ConditionalOnMissingBean(name = {BatchersHealth.BEAN_NAME, "batchersHealthContributor"})
final class HealthAutoConfiguration implements AopInfrastructureBean {

    @Bean
    @Lazy
    BatchersHealth asyncBatcherHealth(
            Batchers batchers, Attachments<BatchRecord> records, BatcherProperties properties) {
        return new BatchersHealth(batchers, records, properties.getHealth(), System::nanoTime);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    static final class NewerHealthConfiguration implements AopInfrastructureBean {

        @Bean(BatchersHealth.BEAN_NAME)
        HealthIndicator batchersHealthIndicator(BatchersHealth health) {
            return new BatchersHealthIndicator(health);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = OlderHealthIndicator.INTERFACE)
    @Import(OlderHealthIndicator.Registrar.class)
    static final class OlderHealthConfiguration implements AopInfrastructureBean {

        @Bean(OlderHealthIndicator.BEAN_NAME)
        OlderHealthIndicator asyncBatcherOlderHealth(BatchersHealth health) {
            return new OlderHealthIndicator(health);
        }
    }

    /** The indicator's own switch, or else that of all: read as properties are, so that "off" is as good as "false". */
    static final class HealthSwitches implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment environment = context.getEnvironment();
            Boolean own = environment.getProperty("management.health.batchers.enabled", Boolean.class);
            return own != null
                    ? own
                    : environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
        }
    }
}
