package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application as the build has processed it ahead of time (the Maven plugin's goal {@code process-aot}), in a JVM of
 * its own. Reactor isn't on its class path.
 */
class AheadOfTimeTests {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    private Path directory;

    @Test
    void everyWayToABatcherWorks() throws Exception {
        Path log = directory.resolve("log");
        DistantWorker worker = DistantWorker.start();
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dspring.aot.enabled=true",
                        "-cp",
                        classPathWithoutReactor(),
                        TextsApplication.class.getName(),
                        "--server.port=0",
                        "--batcher.max-queue-time=0",
                        "--batcher.instances.distant.remote.target=127.0.0.1:" + worker.port())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(START).until(() -> port(log).isPresent() || !application.isAlive());
            assertThat(log).content().contains("Starting AOT-processed TextsApplication");
            assertThat(port(log)).withFailMessage(() -> read(log)).isPresent();

            assertThat(get(port(log).orElseThrow(), "/all?id=7")).isEqualTo("text 7, text 7, title 7");
            assertThat(get(port(log).orElseThrow(), "/distant?id=7")).isEqualTo("distant text 7");
        } finally {
            application.destroy();
            application.waitFor();
            worker.close();
        }
    }

    private static String get(String port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String classPathWithoutReactor() {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !Path.of(entry).getFileName().toString().matches("react(or|ive)-.*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Optional<String> port(Path log) {
        return PORT.matcher(read(log)).results().map(match -> match.group(1)).findFirst();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
