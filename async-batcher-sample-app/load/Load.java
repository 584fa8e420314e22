import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends the same load to the batched and to the unbatched endpoint of the running sample, and prints what each took:
 *
 * <pre>java async-batcher-sample-app/load/Load.java [base URL] [requests] [connections]</pre>
 *
 * <p>Each connection sends one reading, waits for its answer, and sends the next. Rows and insert statements are the
 * database's own counts, before and after; so nobody else should be writing meanwhile.
 */
final class Load {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final Pattern NUMBER = Pattern.compile("\\{\"(?:id|count)\":(\\d+)}");

    private final String readings;
    private final int connections;

    private Load(String base, int connections) {
        this.readings = base + "/api/readings";
        this.connections = connections;
    }

    public static void main(String[] args) throws Exception {
        String base = args.length > 0 ? args[0] : "http://localhost:8080";
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        int connections = args.length > 2 ? Integer.parseInt(args[2]) : 64;
        int warmUp = 5 * requests;

        // One kept-alive connection a thread, and no request sent twice behind our back.
        System.setProperty("http.maxConnections", String.valueOf(connections));
        System.setProperty("sun.net.http.retryPost", "false");

        Load load = new Load(base, connections);
        try {
            load.count("/count");
            System.out.printf(
                    "%d requests over %d connections to %s, after %d of each kind to warm up%n%n",
                    requests, connections, base, warmUp);
            load.send("", warmUp);
            load.send("/unbatched", warmUp);
            System.out.println("               2xx  distinct ids   rows  insert statements  seconds  requests/s");
            load.measure("batched", "", requests);
            load.measure("unbatched", "/unbatched", requests);
        } catch (IOException e) {
            System.err.printf("No sample at %s (%s). Start it with ./mvnw spring-boot:run%n", base, e.getMessage());
            System.exit(1);
        }
    }

    private void measure(String name, String path, int requests) throws IOException, InterruptedException {
        OptionalLong rows = count("/count");
        OptionalLong statements = count("/statements");
        Answers answers = send(path, requests);
        System.out.printf(
                "%-10s  %6d  %12d  %5s  %17s  %7.2f  %10.0f%n",
                name,
                answers.created.get(),
                answers.ids.size(),
                difference(rows, count("/count")),
                difference(statements, count("/statements")),
                answers.seconds,
                requests / answers.seconds);
        if (answers.failed.get() > 0) {
            System.out.printf("%d requests failed, one of them: %s%n", answers.failed.get(), answers.failure);
        }
    }

    private Answers send(String path, int requests) throws InterruptedException {
        Answers answers = new Answers();
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(connections);
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            Thread connection = new Thread(() -> {
                for (int number = sent.getAndIncrement(); number < requests; number = sent.getAndIncrement()) {
                    post(path, number, answers);
                }
                running.countDown();
            });
            connection.setDaemon(true);
            connection.start();
        }
        running.await();
        answers.seconds = (System.nanoTime() - start) / 1e9;
        return answers;
    }

    private void post(String path, int number, Answers answers) {
        String reading = "{\"sensor\": \"load\", \"time\": \"%s\", \"value\": %d}".formatted(Instant.now(), number);
        try {
            HttpURLConnection connection = open(path);
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(reading.getBytes(StandardCharsets.UTF_8));
            int status = connection.getResponseCode();
            String body = body(connection);
            if (status != 201) {
                answers.fail(status + " " + body);
                return;
            }
            answers.created.incrementAndGet();
            answers.ids.add(number(body));
        } catch (IOException | RuntimeException e) {
            answers.fail(e.toString());
        }
    }

    /** A count of the sample's, or none where it can't say. */
    private OptionalLong count(String path) throws IOException {
        HttpURLConnection connection = open(path);
        int status = connection.getResponseCode();
        String body = body(connection);
        return status == 200 ? OptionalLong.of(number(body)) : OptionalLong.empty();
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(readings + path).openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection;
    }

    private static String body(HttpURLConnection connection) throws IOException {
        InputStream error = connection.getErrorStream();
        try (InputStream body = error != null ? error : connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long number(String body) {
        Matcher matcher = NUMBER.matcher(body);
        if (!matcher.matches()) {
            throw new IllegalStateException("Not an answer of the sample: " + body);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static String difference(OptionalLong before, OptionalLong after) {
        return before.isPresent() && after.isPresent()
                ? String.valueOf(after.getAsLong() - before.getAsLong())
                : "not counted";
    }

    private static final class Answers {

        final Set<Long> ids = ConcurrentHashMap.newKeySet();
        final AtomicInteger created = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        volatile String failure = "";
        double seconds;

        void fail(String why) {
            failed.incrementAndGet();
            failure = why;
        }
    }
}
