package io.asyncbatcher.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What endpoint and health show of a batcher of another application. */
class RemoteShownTests {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withUserConfiguration(Shop.class)
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=batchers",
                    "batcher.instances.prices.remote.target=127.0.0.1:1");

    static class Shop {

        Shop(BatcherClient<String, String> prices) {}
    }

    @Test
    void healthIsDownWhenNoWorkerCanBeReachedForLongerThanTheProperty() {
        application.withPropertyValues("batcher.health.unreachable-after=1ms").run(web -> {
            HealthIndicator health = web.getBean(HealthIndicator.class);
            Awaitility.await()
                    .atMost(TestTimes.LONG)
                    .untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.DOWN));
            assertThat(health.health().getDetails()).hasToString("{prices={unreachable=true}}");
        });
    }

    @Test
    void healthIsUpUntilThen() {
        application.withPropertyValues("batcher.health.unreachable-after=1h").run(web -> {
            Awaitility.await()
                    .atMost(TestTimes.LONG)
                    .until(() ->
                            shown(web.getBean(BatchersEndpoint.class)).state().equals("unreachable"));
            assertThat(web.getBean(HealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void theEndpointShowsTargetStateAndWorkers() {
        application.run(web -> {
            BatcherDescriptor.RemoteWorkers shown = shown(web.getBean(BatchersEndpoint.class));
            assertThat(shown.target()).isEqualTo("127.0.0.1:1");
            assertThat(shown.state()).isIn("idle", "unreachable");
            assertThat(shown.workers()).isEqualTo(List.of());
        });
    }

    private static BatcherDescriptor.RemoteWorkers shown(BatchersEndpoint endpoint) {
        return ((BatcherDescriptor) endpoint.batcher("prices")).remote();
    }
}
