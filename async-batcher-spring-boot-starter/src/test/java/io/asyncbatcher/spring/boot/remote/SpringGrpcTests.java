package io.asyncbatcher.spring.boot.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.grpc.ServerBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerServicesAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** A worker on the server of Spring gRPC, in the order in which Spring Boot applies the auto-configurations. */
class SpringGrpcTests {

    private final ApplicationContextRunner worker = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    GrpcServerAutoConfiguration.class,
                    GrpcServerServicesAutoConfiguration.class,
                    WorkerServiceAutoConfiguration.class,
                    BatcherAutoConfiguration.class))
            .withUserConfiguration(Words.class)
            .withPropertyValues(
                    "spring.grpc.server.address=127.0.0.1", "spring.grpc.server.port=0", "batcher.server.expose=words");

    private void withClient(AssertableApplicationContext context, Consumer<BatcherClient<String, String>> test) {
        int port = context.getBean(GrpcServerLifecycle.class).getPort();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
                .withUserConfiguration(Reader.class)
                .withPropertyValues("batcher.instances.words.remote.target=127.0.0.1:" + port)
                .run(web -> test.accept(web.getBean(Reader.class).words));
    }

    @Test
    void anExposedBatcherIsServedByTheServerOfSpringGrpc() {
        worker.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(WorkerLifecycle.class);
            withClient(context, words -> assertThat(words.process("a").join()).isEqualTo("A"));
        });
    }

    @Test
    void itemsThatAreQueuedWhenTheApplicationStopsAreSettled() {
        List<CompletableFuture<String>> items = new ArrayList<>();
        worker.withPropertyValues("batcher.max-queue-time=10m")
                .run(context -> withClient(context, words -> {
                    items.add(words.process("a"));
                    await().until(() -> context.getBean("wordsBatcherClient", AsyncBatcher.class)
                                    .snapshot()
                                    .queued()
                            == 1);
                    context.getSourceApplicationContext().close();

                    assertThat(items.get(0))
                            .succeedsWithin(Duration.ofSeconds(20))
                            .isEqualTo("A");
                }));
    }

    @Test
    void theKeepaliveOfClientsIsPermittedWhereNoPropertySaysOtherwise() {
        worker.run(context -> {
            ServerBuilder<?> server = customized(context);
            verify(server).permitKeepAliveTime(10, TimeUnit.SECONDS);
            verify(server).permitKeepAliveWithoutCalls(true);
        });
        worker.withPropertyValues(
                        "spring.grpc.server.keepalive.permit.time=5s",
                        "spring.grpc.server.keepalive.permit.withoutCalls=false")
                .run(context -> verifyNoInteractions(customized(context)));
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the builder's type is that of the server's own
    private static ServerBuilder<?> customized(AssertableApplicationContext context) {
        ServerBuilder server = mock(ServerBuilder.class);
        context.getBean("asyncBatcherKeepalive", ServerBuilderCustomizer.class).customize(server);
        return server;
    }

    @Test
    void aServerWithoutConnectionsOfItsOwnIsLeftAsItIs() {
        worker.withPropertyValues("spring.grpc.server.inprocess.name=words")
                .run(context -> assertThat(context).hasNotFailed().hasBean("inProcessGrpcServerLifecycle"));
    }

    @Test
    void theEndOfAChildContextDoesNotDrainTheWorker() {
        worker.run(context -> {
            GenericApplicationContext child = new GenericApplicationContext(context.getSourceApplicationContext());
            child.refresh();
            child.close();

            withClient(context, words -> assertThat(words.process("a").join()).isEqualTo("A"));
        });
    }

    @Test
    void withoutTheOtherAutoConfigurationTheMessageSaysSo() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(WorkerServiceAutoConfiguration.class))
                .withPropertyValues("batcher.server.expose=words")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("BatcherAutoConfiguration is excluded"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Words {

        @Batched("words")
        List<String> upper(List<String> words) {
            return words.stream().map(word -> word.toUpperCase(Locale.ROOT)).toList();
        }
    }

    static class Reader {

        private final BatcherClient<String, String> words;

        Reader(BatcherClient<String, String> words) {
            this.words = words;
        }
    }
}
