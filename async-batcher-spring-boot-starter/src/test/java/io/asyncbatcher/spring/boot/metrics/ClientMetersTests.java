package io.asyncbatcher.spring.boot.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a worker measures by client: two applications, connected over the loopback interface. */
class ClientMetersTests {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));

    private int port;

    private void withWorker(String limit, Consumer<MeterRegistry> test) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        application
                .withUserConfiguration(Prices.class)
                .withBean(MeterRegistry.class, () -> registry)
                .withPropertyValues(
                        "batcher.server.port=" + port,
                        "batcher.server.address=127.0.0.1",
                        "batcher.server.expose=prices",
                        "batcher.server.meters-by-client=" + limit,
                        "batcher.max-queue-time=1ms")
                .run(worker -> {
                    if (worker.getStartupFailure() != null) {
                        throw worker.getStartupFailure();
                    }
                    test.accept(registry);
                });
    }

    /** Sends an item as the application of that name. */
    private void send(String client, String item) {
        application
                .withUserConfiguration(Shop.class)
                .withPropertyValues(
                        "spring.application.name=" + client, "batcher.instances.prices.remote.target=127.0.0.1:" + port)
                .run(web -> web.getBean(Shop.class)
                        .prices
                        .process(item)
                        .exceptionally(failure -> -1)
                        .join());
    }

    @Test
    void eachClientHasMetersUpToTheLimitAndTheOthersShareOne() throws Exception {
        withWorker("2", registry -> {
            send("web", "a");
            send("web", "bad");
            send("batch", "a");
            send("third", "a");
            send("fourth", "a");

            assertThat(count(registry, "web", "success")).isEqualTo(1);
            assertThat(count(registry, "web", "failure")).isEqualTo(1);
            assertThat(count(registry, "batch", "success")).isEqualTo(1);
            assertThat(count(registry, "other", "success")).isEqualTo(2);
            assertThat(clients(registry)).containsExactlyInAnyOrder("web", "batch", "other");
        });
    }

    @Test
    void withALimitOfZeroThereAreNone() throws Exception {
        withWorker("0", registry -> {
            send("web", "a");
            assertThat(clients(registry)).isEmpty();
        });
    }

    @Test
    void aNegativeLimitFailsStartup() {
        application
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("batcher.server.meters-by-client=-1")
                .run(worker -> assertThat(worker.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("'batcher.server.meters-by-client' must be 0 or more, but is -1"));
    }

    private static long count(MeterRegistry registry, String client, String outcome) {
        Timer timer = registry.get("batcher.client.latency")
                .tags("batcher", "prices", "client", client, "outcome", outcome)
                .timer();
        return Awaitility.await().atMost(TestTimes.LONG).until(timer::count, count -> count > 0);
    }

    private static Set<String> clients(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("client"))
                .filter(client -> client != null)
                .collect(Collectors.toSet());
    }

    static class Prices {

        @Batched("prices")
        List<Integer> all(List<String> items) {
            if (items.contains("bad")) {
                throw new IllegalStateException("bad");
            }
            return items.stream().map(String::length).toList();
        }
    }

    static class Shop {

        final BatcherClient<String, Integer> prices;

        Shop(BatcherClient<String, Integer> prices) {
            this.prices = prices;
        }
    }
}
