package io.asyncbatcher.sample;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real server, scraping one application and evaluating rules every second. */
final class Prometheus implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(1);

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final Path log;
    private final int port;
    private final Process process;

    private Prometheus(Path directory, int port) throws IOException {
        this.log = directory.resolve("prometheus.log");
        this.port = port;
        this.process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Whether a program is on the path. */
    static boolean isInstalled(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Starts a server in a directory, which scrapes the application at this port. */
    static Prometheus start(Path directory, Path rules, int scraped) throws IOException {
        Files.writeString(directory.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 1s
                  scrape_timeout: 1s
                  evaluation_interval: 1s
                rule_files:
                  - %s
                scrape_configs:
                  - job_name: sample
                    metrics_path: /actuator/prometheus
                    static_configs:
                      - targets: ['localhost:%d']
                """.formatted(rules.toAbsolutePath(), scraped));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Prometheus prometheus = new Prometheus(directory, port);
        await().atMost(START).until(prometheus::isReady);
        return prometheus;
    }

    private boolean isReady() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(log));
        }
        try {
            return http.send(request("/-/ready"), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (ConnectException notYet) {
            return false;
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(START)
                .build();
    }

    /** The values that a query has now, one a series. */
    List<Double> query(String query) throws IOException, InterruptedException {
        JsonNode result = get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .get("result");
        return StreamSupport.stream(result.spliterator(), false)
                .map(series ->
                        Double.valueOf(series.get("value").get(1).asString().replace("+Inf", "Infinity")))
                .toList();
    }

    /** The rules that it has, as the server describes them. */
    List<JsonNode> rules() throws IOException, InterruptedException {
        return StreamSupport.stream(get("/api/v1/rules").get("groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.get("rules").spliterator(), false))
                .toList();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        String answer =
                http.send(request(path), HttpResponse.BodyHandlers.ofString()).body();
        JsonNode read = json.readTree(answer);
        if (!read.get("status").asString().equals("success")) {
            throw new AssertionError(path + ": " + answer);
        }
        return read.get("data");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
