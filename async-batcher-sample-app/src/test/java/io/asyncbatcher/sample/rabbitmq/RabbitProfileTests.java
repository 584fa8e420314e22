package io.asyncbatcher.sample.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.health.RabbitHealthContributorAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.metrics.RabbitMetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Boot's own beans for RabbitMQ, which don't know the sample's profile. */
class RabbitProfileTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(AutoConfigurations.of(
                    RabbitAutoConfiguration.class,
                    RabbitHealthContributorAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class,
                    RabbitMetricsAutoConfiguration.class));

    @Test
    void healthAndMetersTellOfRabbitOnlyWhereTheUseRuns() {
        runner.run(context -> {
            assertThat(context).doesNotHaveBean("rabbitHealthContributor");
            assertThat(rabbitHasMeters(context)).isFalse();
        });
        runner.withPropertyValues("spring.profiles.active=rabbitmq").run(context -> {
            assertThat(context).hasBean("rabbitHealthContributor");
            assertThat(rabbitHasMeters(context)).isTrue();
        });
    }

    private static boolean rabbitHasMeters(ApplicationContext context) {
        return context.getBean(MeterRegistry.class).getMeters().stream()
                .anyMatch(meter -> meter.getId().getName().startsWith("rabbitmq"));
    }
}
