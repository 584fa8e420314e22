package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batcher of another application, with mutual TLS by SSL bundles of this line of Spring Boot. */
class RemoteTests {

    @TempDir
    private static Path keys;

    @BeforeAll
    static void makeKey() throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "both",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-keystore",
                        keyStore(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    private static String keyStore() {
        return keys.resolve("both.p12").toString();
    }

    private static String[] withBundle(String... properties) {
        return Stream.concat(
                        Stream.of("keystore", "truststore")
                                .flatMap(store -> Stream.of(
                                        "--spring.ssl.bundle.jks.both." + store + ".location=file:" + keyStore(),
                                        "--spring.ssl.bundle.jks.both." + store + ".password=changeit")),
                        Stream.of(properties))
                .toArray(String[]::new);
    }

    @Test
    void aBatcherOfAnotherApplicationIsReachedWithMutualTls() throws Exception {
        try (DistantWorker worker = DistantWorker.start(
                        withBundle("--batcher.server.ssl-bundle=both", "--batcher.server.client-auth=true"));
                RunningApplication web = RunningApplication.start(
                        TextsApplication.class,
                        withBundle(
                                "--batcher.instances.distant.remote.target=localhost:" + worker.port(),
                                "--batcher.instances.distant.remote.ssl-bundle=both"))) {

            assertThat(web.get("/distant?id=7").body()).isEqualTo("distant text 7");
            assertThat(web.get("/actuator/batchers/distant").body())
                    .contains(List.of("\"remote\"", "\"target\":\"localhost:" + worker.port()));
        }
    }
}
