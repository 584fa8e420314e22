package io.asyncbatcher.spring.boot.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.StringValue;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.grpc.Codec;
import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.grpc.RemoteBatchException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Batchers that run in another application: two contexts, connected over the loopback interface. */
@ExtendWith(OutputCaptureExtension.class)
class RemoteBatchersTests {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));

    private final ApplicationContextRunner worker = application
            .withUserConfiguration(Prices.class)
            .withPropertyValues(
                    "batcher.server.port=0",
                    "batcher.server.address=127.0.0.1",
                    "batcher.server.expose=prices",
                    "batcher.max-queue-time=1ms");

    private void withWorker(Consumer<String> test) {
        worker.run(context -> test.accept(
                "127.0.0.1:" + context.getBean(WorkerLifecycle.class).port()));
    }

    @Test
    void theInjectionPointsTypesAndNameAreEnough() {
        withWorker(target -> application
                .withUserConfiguration(Shop.class)
                .withPropertyValues("batcher.instances.prices.remote.target=" + target)
                .run(web -> {
                    Shop shop = web.getBean(Shop.class);
                    assertThat(shop.prices.process(new Sku("abc")).join()).isEqualTo(new Price("abc", 3));
                    assertThat(web).hasBean("pricesBatcherClient").hasSingleBean(RemoteBatcher.class);
                    RemoteBatcher<?, ?> bean = web.getBean(RemoteBatcher.class);
                    assertThat(bean.status().workers()).hasSize(1);
                    assertThat(bean.options().itemTimeout()).isEqualTo(Duration.ofSeconds(30));
                }));
    }

    @Test
    void aQualifierNamesTheBatcherToo() {
        withWorker(target -> application
                .withUserConfiguration(QualifiedShop.class)
                .withPropertyValues("batcher.instances.prices.remote.target=" + target)
                .run(web -> assertThat(web.getBean(QualifiedShop.class)
                                .client
                                .process(new Sku("ab"))
                                .join())
                        .isEqualTo(new Price("ab", 2))));
    }

    @Test
    @SuppressWarnings("unchecked")
    void aDeclaredBeanIsOneToo() {
        withWorker(target -> application
                .withUserConfiguration(Declared.class)
                .withPropertyValues(
                        "batcher.instances.prices.remote.target=" + target,
                        "batcher.instances.prices.max-queue-size=77",
                        "batcher.instances.prices.item-timeout=2s")
                .run(web -> {
                    RemoteBatcher<Sku, Price> prices = web.getBean(RemoteBatcher.class);
                    assertThat(prices.process(new Sku("a")).join()).isEqualTo(new Price("a", 1));
                    assertThat(prices.options().maxQueueSize()).isEqualTo(77);
                    assertThat(prices.options().itemTimeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(web.getBeansOfType(BatcherClient.class)).hasSize(1);
                }));
    }

    @Test
    void aTargetHasPrecedenceOverAMethodOfTheApplication() {
        withWorker(target -> application
                .withUserConfiguration(Shop.class, UnusedPrices.class)
                .withPropertyValues("batcher.instances.prices.remote.target=" + target)
                .run(web -> {
                    assertThat(web.getBean(Shop.class)
                                    .prices
                                    .process(new Sku("a"))
                                    .join())
                            .isEqualTo(new Price("a", 1));
                    assertThat(web.getBean("pricesBatcherClient")).isInstanceOf(RemoteBatcher.class);
                }));
    }

    @Test
    void aServerThatIsDestroyedWithoutAStopKeepsNothingAlive() {
        worker.run(context -> {
            WorkerLifecycle server = context.getBean(WorkerLifecycle.class);
            server.destroy();

            assertThat(server.isRunning()).isFalse();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("async-batcher-server")));
        });
    }

    @Test
    void theWorkersFailureArrives() {
        withWorker(target -> application
                .withUserConfiguration(Shop.class)
                .withPropertyValues("batcher.instances.prices.remote.target=" + target)
                .run(web -> {
                    CompletableFuture<Price> bad =
                            web.getBean(Shop.class).prices.process(new Sku("bad"));
                    await().until(bad::isDone);
                    assertThat(bad)
                            .failsWithin(Duration.ZERO)
                            .withThrowableThat()
                            .havingCause()
                            .isInstanceOfSatisfying(
                                    RemoteBatchException.class,
                                    failure -> assertThat(failure.remoteClassName())
                                            .isEqualTo("java.lang.IllegalStateException"));
                }));
    }

    @Test
    void aBatcherThatIsNotListedCantBeReached() {
        withWorker(target -> application
                .withUserConfiguration(SecretShop.class)
                .withPropertyValues("batcher.instances.secrets.remote.target=" + target)
                .run(web -> assertThat(web.getBean(SecretShop.class)
                                .secrets
                                .process("x")
                                .handle((result, failure) -> failure)
                                .join())
                        .hasMessageContaining("No batcher of that name is exposed here")));
    }

    @Test
    void aDeclaredBatcherCanBeExposedWithACodecOfTheApplications() {
        application
                .withUserConfiguration(Texts.class)
                .withPropertyValues(
                        "batcher.server.port=0",
                        "batcher.server.address=127.0.0.1",
                        "batcher.server.expose=texts,numbers")
                .run(context -> application
                        .withUserConfiguration(TextShop.class)
                        .withPropertyValues("batcher.instances.texts.remote.target=127.0.0.1:"
                                + context.getBean(WorkerLifecycle.class).port())
                        .run(web -> assertThat(web.getBean(TextShop.class)
                                        .texts
                                        .process(StringValue.of("a"))
                                        .join())
                                .isEqualTo(StringValue.of("aa"))));
    }

    @Test
    void theApplicationStopsGracefullyWithItsServerFirst() {
        List<Object> ends = new ArrayList<>();
        worker.withPropertyValues("batcher.max-queue-time=300ms").run(context -> {
            String target =
                    "127.0.0.1:" + context.getBean(WorkerLifecycle.class).port();
            application
                    .withUserConfiguration(Shop.class)
                    .withPropertyValues("batcher.instances.prices.remote.target=" + target)
                    .run(web -> {
                        CompletableFuture<Price> item =
                                web.getBean(Shop.class).prices.process(new Sku("a"));
                        await().until(() -> context.getBean("pricesBatcherClient", AsyncBatcher.class)
                                        .snapshot()
                                        .queued()
                                > 0);
                        context.getSourceApplicationContext().close();
                        ends.add(item.join());
                    });
        });
        assertThat(ends).containsExactly(new Price("a", 1));
    }

    @Test
    void theServersLifecycleCanBeStartedAgain() {
        worker.run(context -> {
            WorkerLifecycle server = context.getBean(WorkerLifecycle.class);
            server.stop();
            assertThat(server.isRunning()).isFalse();
            server.start();
            application
                    .withUserConfiguration(Shop.class)
                    .withPropertyValues("batcher.instances.prices.remote.target=127.0.0.1:" + server.port())
                    .run(web -> assertThat(web.getBean(Shop.class)
                                    .prices
                                    .process(new Sku("a"))
                                    .join())
                            .isEqualTo(new Price("a", 1)));
        });
    }

    @Test
    void withoutAPortThereIsAServiceForSomebodyElsesServer() {
        application
                .withConfiguration(AutoConfigurations.of(WorkerServiceAutoConfiguration.class))
                .withUserConfiguration(Prices.class)
                .withPropertyValues("batcher.server.expose=prices")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(WorkerLifecycle.class);
                    assertThat(context.getBean(GrpcWorker.class).exposed()).containsExactly("prices");
                });
    }

    @Test
    void withoutPropertiesThereIsNeither() {
        application
                .withConfiguration(AutoConfigurations.of(WorkerServiceAutoConfiguration.class))
                .withUserConfiguration(Prices.class)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(WorkerLifecycle.class)
                        .doesNotHaveBean(GrpcWorker.class));
    }

    @Test
    void theContextsStopEndsTheClient() {
        application
                .withUserConfiguration(Shop.class)
                .withPropertyValues("batcher.instances.prices.remote.target=127.0.0.1:1")
                .run(web -> {
                    Shop shop = web.getBean(Shop.class);
                    web.getSourceApplicationContext().close();
                    assertThat(shop.prices
                                    .process(new Sku("a"))
                                    .handle((result, failure) -> failure)
                                    .join())
                            .isInstanceOf(BatcherStoppedException.class);
                });
    }

    @Test
    void withoutTheModuleATargetFailsTheStartWithTheArtifactsName() {
        application
                .withClassLoader(new FilteredClassLoader("io.asyncbatcher.grpc", "io.grpc"))
                .withUserConfiguration(Prices.class)
                .withPropertyValues("batcher.instances.prices.remote.target=dns:///pricing:9090")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("io.asyncbatcher:async-batcher-grpc")
                        .hasMessageContaining("batcher.instances.prices.remote.target"));
    }

    @Test
    void withoutTheModuleAServerFailsTheStartWithTheArtifactsName() {
        application
                .withClassLoader(new FilteredClassLoader("io.asyncbatcher.grpc", "io.grpc"))
                .withUserConfiguration(Prices.class)
                .withPropertyValues("batcher.server.port=0")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("io.asyncbatcher:async-batcher-grpc"));
    }

    @Test
    void withoutTheModuleAndWithoutSuchPropertiesTheApplicationStarts() {
        application
                .withClassLoader(new FilteredClassLoader("io.asyncbatcher.grpc", "io.grpc", "com.google.protobuf"))
                .withUserConfiguration(Prices.class)
                .run(context -> assertThat(context).hasNotFailed().hasBean("pricesBatcherClient"));
    }

    @Test
    void aDeclaredBeanWithoutATargetFailsTheStart() {
        application
                .withUserConfiguration(Declared.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("'batcher.instances.prices.remote.target'"));
    }

    @Test
    void exposingWhatIsNotThereFailsTheStart() {
        worker.withPropertyValues("batcher.server.expose=prces")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("'prces'")
                        .hasMessageContaining("prices"));
    }

    @Test
    void twoInjectionPointsWithDifferentTypesFailTheStart() {
        application
                .withUserConfiguration(Shop.class, OtherShop.class)
                .withPropertyValues("batcher.instances.prices.remote.target=127.0.0.1:1")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("Use the same types everywhere"));
    }

    @Test
    void routingByHashWithoutAKeyFailsTheStart() {
        application
                .withUserConfiguration(Shop.class)
                .withPropertyValues(
                        "batcher.instances.prices.remote.target=127.0.0.1:1",
                        "batcher.instances.prices.remote.routing=hash")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("routes by hash, but nothing says what is hashed"));
    }

    @Test
    void aKeyIsTheBeanThatThePropertyNames() {
        withWorker(target -> application
                .withUserConfiguration(Shop.class, Keys.class)
                .withPropertyValues(
                        "batcher.instances.prices.remote.target=" + target,
                        "batcher.instances.prices.remote.partition-by=skuKey",
                        "batcher.instances.prices.remote.idempotent=true")
                .run(web -> {
                    assertThat(web.getBean(Shop.class)
                                    .prices
                                    .process(new Sku("a"))
                                    .join())
                            .isEqualTo(new Price("a", 1));
                    assertThat(web.getBean(Keys.class).asked).containsExactly("a");
                }));
    }

    @Test
    void anUnknownSslBundleFailsTheStart() {
        application
                .withUserConfiguration(Shop.class)
                .withPropertyValues(
                        "batcher.instances.prices.remote.target=127.0.0.1:1",
                        "batcher.instances.prices.remote.ssl-bundle=none")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(BatcherConfigurationException.class)
                        .hasMessageContaining("SSL bundle 'none'"));
    }

    @Test
    void aServerForTheNetworkWithoutTlsWarns(CapturedOutput output) {
        application
                .withUserConfiguration(Prices.class)
                .withPropertyValues(
                        "batcher.server.port=0", "batcher.server.address=0.0.0.0", "batcher.server.expose=prices")
                .run(context -> assertThat(output).contains("without TLS"));
    }

    @Test
    void aServerForThisMachineDoesntWarn(CapturedOutput output) {
        worker.run(context -> assertThat(output).doesNotContain("without TLS"));
    }

    record Sku(String id) {}

    record Price(String sku, int amount) {}

    @Configuration(proxyBeanMethods = false)
    static class Prices {

        @Batched("prices")
        List<Price> findAll(List<Sku> skus) {
            if (skus.contains(new Sku("bad"))) {
                throw new IllegalStateException("bad");
            }
            return skus.stream()
                    .map(sku -> new Price(sku.id(), sku.id().length()))
                    .toList();
        }

        @Batched("secrets")
        List<String> secrets(List<String> names) {
            return names;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UnusedPrices {

        @Batched("prices")
        List<Price> findAll(List<Sku> skus) {
            throw new AssertionError("These are for others");
        }
    }

    static class Shop {

        private final BatcherClient<Sku, Price> prices;

        Shop(BatcherClient<Sku, Price> prices) {
            this.prices = prices;
        }
    }

    static class OtherShop {

        OtherShop(BatcherClient<String, Price> prices) {}
    }

    static class SecretShop {

        private final BatcherClient<String, String> secrets;

        SecretShop(BatcherClient<String, String> secrets) {
            this.secrets = secrets;
        }
    }

    static class QualifiedShop {

        private final BatcherClient<Sku, Price> client;

        QualifiedShop(@Qualifier("prices") BatcherClient<Sku, Price> client) {
            this.client = client;
        }
    }

    static class TextShop {

        private final BatcherClient<StringValue, StringValue> texts;

        TextShop(BatcherClient<StringValue, StringValue> texts) {
            this.texts = texts;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Keys {

        private final List<String> asked = new ArrayList<>();

        @Bean
        Function<Sku, String> skuKey() {
            return sku -> {
                asked.add(sku.id());
                return sku.id();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Declared {

        @Bean
        RemoteBatcher<Sku, Price> prices() {
            return RemoteBatcher.of("prices", Sku.class, Price.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Texts {

        @Bean
        AsyncBatcher<StringValue, StringValue> texts() {
            BatchProcessor<StringValue, StringValue> twice = texts -> texts.stream()
                    .map(text -> StringValue.of(text.getValue() + text.getValue()))
                    .toList();
            return AsyncBatcher.builder(twice).name("texts").build();
        }

        @Bean
        AsyncBatcher<Integer, Integer> numbers() {
            return AsyncBatcher.<Integer, Integer>builder(numbers -> numbers)
                    .name("numbers")
                    .build();
        }

        @Bean
        Codec<Integer> numberCodec() {
            return new Codec<>() {
                @Override
                public String name() {
                    return "decimal";
                }

                @Override
                public byte[] encode(Integer value) {
                    return value.toString().getBytes(StandardCharsets.US_ASCII);
                }

                @Override
                public Integer decode(byte[] bytes) {
                    return Integer.valueOf(new String(bytes, StandardCharsets.US_ASCII));
                }
            };
        }
    }
}
