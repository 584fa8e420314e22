package io.asyncbatcher.spring.boot;

import java.time.InstantSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** What needs Actuator: the endpoint. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
        name = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint")
final class ActuatorConfiguration {

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
    static final class EndpointConfiguration {

        @Bean
        BatchersEndpoint asyncBatchersEndpoint(
                Batchers batchers, BatchRecords records, BatchedMethodRegistrar registrar, Environment environment) {
            OptionOrigins origins = new SettingsOrigins(batchers, registrar, environment);
            return new BatchersEndpoint(batchers, records, new Retunes(origins, InstantSource.system()));
        }

        @Bean
        static RetuneArguments asyncBatcherRetuneArguments() {
            return new RetuneArguments();
        }
    }
}
