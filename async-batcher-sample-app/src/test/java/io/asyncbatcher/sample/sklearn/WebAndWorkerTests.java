package io.asyncbatcher.sample.sklearn;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The profiles "web" and "worker", with the configuration that the sample has for them. */
class WebAndWorkerTests {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    @Import({DigitModel.class, Reader.class})
    static class Application {}

    static class Reader {

        private final BatcherClient<Digit, Prediction> sklearn;

        Reader(BatcherClient<Digit, Prediction> sklearn) {
            this.sklearn = sklearn;
        }
    }

    private static ConfigurableApplicationContext run(String profiles, String... arguments) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .profiles(profiles.split(","))
                .run(arguments);
    }

    @Test
    void theWorkersModelReadsTheDigitsOfTheWeb() throws IOException {
        int port = freePort();
        try (ConfigurableApplicationContext worker = run("sklearn,worker", "--batcher.server.port=" + port);
                ConfigurableApplicationContext web =
                        run("sklearn,web", "--batcher.instances.sklearn.remote.target=localhost:" + port)) {
            List<Digit> blanks = Collections.nCopies(100, new Digit(Collections.nCopies(Digit.PIXELS, 0.0)));
            List<Prediction> predictions = web.getBean(Reader.class)
                    .sklearn
                    .processAll(blanks)
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join();

            Prediction own = worker.getBean(DigitModel.class).predict(blanks.get(0));
            assertThat(predictions).hasSize(100).containsOnly(own);
            AsyncBatcher<?, ?> batches = worker.getBean("sklearnBatcherClient", AsyncBatcher.class);
            assertThat(batches.snapshot().dispatches().get(DispatchReason.IDLE)
                            + batches.snapshot().dispatches().get(DispatchReason.FULL))
                    .isPositive();
            RemoteBatcher<?, ?> remote = web.getBean("sklearnBatcherClient", RemoteBatcher.class);
            assertThat(remote.status().workers()).hasSize(1);
            assertThat(remote.options().itemTimeout()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
