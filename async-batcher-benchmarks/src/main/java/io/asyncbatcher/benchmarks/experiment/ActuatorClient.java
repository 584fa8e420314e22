package io.asyncbatcher.benchmarks.experiment;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the application tells of a batcher. */
final class ActuatorClient {

    /**
     * Sums since the start.
     *
     * @param batches that ended
     * @param items in them
     * @param seconds that they took
     */
    record Totals(double batches, double items, double seconds) {

        Totals since(Totals earlier) {
            return new Totals(batches - earlier.batches, items - earlier.items, seconds - earlier.seconds);
        }

        double meanSize() {
            return items / batches;
        }

        double meanMillis() {
            return seconds * 1e3 / batches;
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String batcher;

    ActuatorClient(int port, String batcher) {
        this.base = "http://localhost:" + port + "/actuator/";
        this.batcher = batcher;
    }

    Totals totals() throws IOException, InterruptedException {
        return new Totals(
                statistic("batcher.batch.size", "COUNT"),
                statistic("batcher.batch.size", "TOTAL"),
                statistic("batcher.batch.duration", "TOTAL_TIME"));
    }

    int maxBatchSize() throws IOException, InterruptedException {
        return get("batchers/" + batcher).path("options").path("maxBatchSize").asInt();
    }

    int queued() throws IOException, InterruptedException {
        return get("batchers/" + batcher).path("queued").asInt();
    }

    void pause() throws IOException, InterruptedException {
        post("pause");
    }

    void resume() throws IOException, InterruptedException {
        post("resume");
    }

    private double statistic(String meter, String statistic) throws IOException, InterruptedException {
        for (JsonNode measurement :
                get("metrics/" + meter + "?tag=batcher:" + batcher).path("measurements")) {
            if (measurement.path("statistic").asString().equals(statistic)) {
                return measurement.path("value").asDouble();
            }
        }
        // Not a batch yet.
        return 0;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        return response.statusCode() == 200 ? JSON.readTree(response.body()) : JSON.createObjectNode();
    }

    private void post(String operation) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "batchers/" + batcher + "/" + operation))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(operation + " was answered " + response.statusCode());
        }
    }
}
