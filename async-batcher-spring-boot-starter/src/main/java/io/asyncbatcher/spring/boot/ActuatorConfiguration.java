package io.asyncbatcher.spring.boot;

import java.time.InstantSource;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
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

/** What needs Actuator: the endpoint, and the health of the batchers. Their classes are loaded only where they are there. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
        name = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint")
final class ActuatorConfiguration implements AopInfrastructureBean {

    /** The id of the bean that makes health on the older line. */
    static final String OLDER_HEALTH = "asyncBatcherOlderHealth";

    /** The id of the health indicator: what comes before its ending is the name by which health shows it. */
    static final String HEALTH = "batchersHealthIndicator";

    /** Made for the first that wants to see the records: nothing is recorded where nobody can. */
    @Bean
    @Lazy
    BatchRecords asyncBatcherRecords(Batchers batchers) {
        BatchRecords records = new BatchRecords(InstantSource.system(), System::nanoTime);
        batchers.watch(records);
        return records;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(endpoint = BatchersEndpoint.class)
    static final class EndpointConfiguration implements AopInfrastructureBean {

        @Bean
        BatchersEndpoint asyncBatchersEndpoint(
                Batchers batchers, BatchRecords records, Wirings wirings, BatcherFactory factory) {
            return new BatchersEndpoint(batchers, records, wirings, new Retunes(factory, InstantSource.system()));
        }

        @Bean
        static RetuneArguments asyncBatcherRetuneArguments() {
            return new RetuneArguments();
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(name = "org.springframework.web.bind.annotation.ControllerAdvice")
        static final class WebConfiguration implements AopInfrastructureBean {

            @Bean
            UnreadableRetune asyncBatcherUnreadableRetune() {
                return new UnreadableRetune();
            }
        }
    }

    /** Switched as Boot switches its own indicators, whose condition has another package in each line. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(HealthSwitches.class)
    @ConditionalOnMissingBean(name = {HEALTH, "batchersHealthContributor"})
    static final class HealthConfiguration implements AopInfrastructureBean {

        @Bean
        @Lazy
        BatchersHealth asyncBatcherHealth(Batchers batchers, BatchRecords records, BatcherProperties properties) {
            return new BatchersHealth(batchers, records, properties.getHealth(), System::nanoTime);
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
        static final class NewerHealthConfiguration implements AopInfrastructureBean {

            @Bean(HEALTH)
            HealthIndicator batchersHealthIndicator(BatchersHealth health) {
                return new BatchersHealthIndicator(health);
            }
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(name = OlderHealthIndicator.INTERFACE)
        @Import(OlderHealthIndicator.Registrar.class)
        static final class OlderHealthConfiguration implements AopInfrastructureBean {

            @Bean(OLDER_HEALTH)
            OlderHealthIndicator asyncBatcherOlderHealth(BatchersHealth health) {
                return new OlderHealthIndicator(health);
            }
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
