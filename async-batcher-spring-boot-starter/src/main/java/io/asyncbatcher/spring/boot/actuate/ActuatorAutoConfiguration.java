package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.methods.Wirings;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import java.time.InstantSource;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * Auto-configuration of the endpoint, and of the records of batches that endpoint and health show. Actuator's classes are
 * loaded only where they are there.
 */
@AutoConfiguration
@ConditionalOnClass(
        name = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint")
final class ActuatorAutoConfiguration implements AopInfrastructureBean {

    /** Made for the first that wants to see the records: nothing is recorded where nobody can. */
    @Bean
    @Lazy
    Attachments<BatchRecord> asyncBatcherRecords(Batchers batchers) {
        Attachments<BatchRecord> records = Attachments.ofListeners(batchers, batcher -> new BatchRecord());
        records.begin();
        return records;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(endpoint = BatchersEndpoint.class)
    static final class EndpointConfiguration implements AopInfrastructureBean {

        @Bean
        BatchersEndpoint asyncBatchersEndpoint(
                Batchers batchers, Attachments<BatchRecord> records, Wirings wirings, ConfiguredBatchers configured) {
            return new BatchersEndpoint(batchers, records, wirings, new Retunes(configured, InstantSource.system()));
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
}
