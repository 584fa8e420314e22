package io.asyncbatcher.spring.boot.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** TLS and mutual TLS by Spring Boot's SSL bundles, with keys that are made for the test; and call credentials. */
class SecuredRemoteTests {

    @TempDir
    private static Path keys;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, BatcherAutoConfiguration.class))
            .withPropertyValues(bundle("worker", "worker.p12", "client-trust.p12"))
            .withPropertyValues(bundle("client", "client.p12", "worker-trust.p12"))
            .withPropertyValues(
                    "spring.ssl.bundle.jks.trusting.truststore.location=file:" + keys.resolve("worker-trust.p12"),
                    "spring.ssl.bundle.jks.trusting.truststore.password=changeit");

    private final ApplicationContextRunner worker = application
            .withUserConfiguration(Words.class)
            .withPropertyValues(
                    "batcher.server.port=0",
                    "batcher.server.address=127.0.0.1",
                    "batcher.server.expose=words",
                    "batcher.server.ssl-bundle=worker");

    private static String[] bundle(String name, String keyStore, String trustStore) {
        String prefix = "spring.ssl.bundle.jks." + name + ".";
        return new String[] {
            prefix + "keystore.location=file:" + keys.resolve(keyStore),
            prefix + "keystore.password=changeit",
            prefix + "truststore.location=file:" + keys.resolve(trustStore),
            prefix + "truststore.password=changeit"
        };
    }

    @BeforeAll
    static void makeKeys() throws Exception {
        for (String who : List.of("worker", "client")) {
            keytool(
                    "-genkeypair",
                    "-alias",
                    who,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-keystore",
                    keys.resolve(who + ".p12").toString());
            keytool(
                    "-exportcert",
                    "-alias",
                    who,
                    "-keystore",
                    keys.resolve(who + ".p12").toString(),
                    "-file",
                    keys.resolve(who + ".crt").toString());
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    who,
                    "-file",
                    keys.resolve(who + ".crt").toString(),
                    "-keystore",
                    keys.resolve(who + "-trust.p12").toString());
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", "changeit"));
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    private ApplicationContextRunner client(int port) {
        return application
                .withUserConfiguration(Reader.class)
                .withPropertyValues("batcher.instances.words.remote.target=localhost:" + port);
    }

    @Test
    void aClientThatTrustsTheWorkersKeyIsServed() {
        worker.run(context -> client(context.getBean(WorkerLifecycle.class).port())
                .withPropertyValues("batcher.instances.words.remote.ssl-bundle=trusting")
                .run(web -> assertThat(
                                web.getBean(Reader.class).words.process("a").join())
                        .isEqualTo("A")));
    }

    @Test
    void aClientWithoutTlsIsNotServedAndItsItemsHaveNotRun() {
        worker.run(context -> client(context.getBean(WorkerLifecycle.class).port())
                .run(web -> assertThat(web.getBean(Reader.class)
                                .words
                                .process("a", Duration.ofSeconds(1))
                                .handle((result, failure) -> failure)
                                .join())
                        .isInstanceOfSatisfying(
                                ItemExpiredException.class,
                                failure -> assertThat(failure.mayHaveRun()).isFalse())));
    }

    @Test
    void withMutualTlsAClientThatShowsItsKeyIsServedAndOneWithoutIsNot() {
        worker.withPropertyValues("batcher.server.client-auth=true").run(context -> {
            int port = context.getBean(WorkerLifecycle.class).port();
            client(port)
                    .withPropertyValues("batcher.instances.words.remote.ssl-bundle=client")
                    .run(web -> assertThat(
                                    web.getBean(Reader.class).words.process("a").join())
                            .isEqualTo("A"));
            client(port)
                    .withPropertyValues("batcher.instances.words.remote.ssl-bundle=trusting")
                    .run(web -> assertThat(web.getBean(Reader.class)
                                    .words
                                    .process("a", Duration.ofSeconds(1))
                                    .handle((result, failure) -> failure)
                                    .join())
                            .isInstanceOf(ItemExpiredException.class));
        });
    }

    @Test
    void callCredentialsAreAskedForEachStream() {
        worker.run(context -> client(context.getBean(WorkerLifecycle.class).port())
                .withUserConfiguration(Tokens.class)
                .withPropertyValues(
                        "batcher.instances.words.remote.ssl-bundle=trusting",
                        "batcher.instances.words.remote.call-credentials=token")
                .run(web -> {
                    assertThat(web.getBean(Reader.class).words.process("a").join())
                            .isEqualTo("A");
                    assertThat(web.getBean(Tokens.class).asked).hasPositiveValue();
                }));
    }

    @Test
    void clientAuthWithoutABundleFailsTheStart() {
        application
                .withUserConfiguration(Words.class)
                .withPropertyValues("batcher.server.port=0", "batcher.server.client-auth=true")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("'batcher.server.client-auth' is true"));
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

    @Configuration(proxyBeanMethods = false)
    static class Tokens {

        private final AtomicInteger asked = new AtomicInteger();

        @Bean
        CallCredentials token() {
            return new CallCredentials() {
                @Override
                public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
                    asked.incrementAndGet();
                    Metadata headers = new Metadata();
                    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer 1");
                    applier.apply(headers);
                }
            };
        }
    }
}
