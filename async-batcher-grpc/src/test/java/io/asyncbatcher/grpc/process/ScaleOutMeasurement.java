package io.asyncbatcher.grpc.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What one worker for many processes is worth, in processes of their own on the loopback interface. Prints tables; it asserts only that
 * no item of a batcher failed. Not among the tests: it is named on the command line, and wants a quiet machine.
 */
@Tag("processes")
class ScaleOutMeasurement {

    private static final int CLIENTS = Integer.getInteger("process.clients", 8);
    private static final int SECONDS = Integer.getInteger("process.seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("process.warm", SECONDS);
    private static final int KEYS = 4;
    private static final int RATE = Integer.getInteger("process.rate", 50);
    private static final int AT_ONCE = 2_000;

    /** The short form for a look at it, by async-batcher-sample-app/load/clients. */
    @Test
    void clientsOfOneWorker() throws Exception {
        MeasuredTable table = new MeasuredTable(CLIENTS + " clients of " + RATE + " items/s, for " + SECONDS + " s");
        table.add("each for itself", measure(CLIENTS, "local", RATE, 0, 0));
        table.add("one worker", measure(CLIENTS, "stream", RATE, 1, 0));
        table.print();
    }

    /** Little traffic: whether the batches of one worker are as full as those of one process with all of it. */
    @Test
    void littleTraffic() throws Exception {
        MeasuredTable table = new MeasuredTable(CLIENTS + " clients of 50 items/s");
        table.add("each for itself", measure(CLIENTS, "local", 50, 0, 0));
        table.add("one process with all", measure(1, "local", 50 * CLIENTS, 0, 0));
        table.add("one worker, streams", measure(CLIENTS, "stream", 50, 1, 0));
        table.add("one worker, unary calls", measure(CLIENTS, "unary", 50, 1, 0));
        table.print();
        ScaleOutPage.write("little", warmed(table));
    }

    /** Little traffic with keys: whether the batches of a key are as full with two workers as with one. */
    @Test
    void littleTrafficByKey() throws Exception {
        MeasuredTable table = new MeasuredTable(CLIENTS + " clients of 50 items/s, " + KEYS + " keys");
        table.add("each for itself", measure(CLIENTS, "local", 50, 0, KEYS));
        table.add("one worker", measure(CLIENTS, "stream", 50, 1, KEYS));
        table.add("two workers, `hash`", measure(CLIENTS, "hash", 50, 2, KEYS));
        table.add("two workers, `round-robin`", measure(CLIENTS, "round-robin", 50, 2, KEYS));
        table.print();
        ScaleOutPage.write("keys", warmed(table));
    }

    /** As much as goes: items a second and processor time, for clients in growing numbers. */
    @Test
    void saturation() throws Exception {
        MeasuredTable table = new MeasuredTable("as much as goes");
        ScaleOutModel model = new ScaleOutModel();
        for (String way : List.of("stream", "unary", "http")) {
            for (int clients = 1; clients <= CLIENTS; clients *= 2) {
                Measured measured = measure(clients, way, 0, 1, 0);
                table.add(way + ", " + clients, measured);
                if (way.equals("stream")) {
                    model.measured(clients, measured);
                }
            }
        }
        table.print();
        ScaleOutPage.write("saturation", table.lines());
        ScaleOutPage.write("check", model.check());
        ScaleOutPage.write("model", model.prediction());
    }

    private static List<String> warmed(MeasuredTable table) {
        List<String> lines = new ArrayList<>();
        lines.add("Before that, the same clients sent ten times as much for " + WARM_SECONDS
                + " s, so that most of the code was compiled.");
        lines.add("");
        lines.addAll(table.lines());
        return lines;
    }

    private static Measured measure(int clients, String way, int rate, int workers, int keys) throws Exception {
        Measured measured = run(clients, way, rate, workers, keys);
        if (!way.equals("unary") && !way.equals("http")) {
            assertThat(measured.failures()).as("failures").isZero();
        }
        return measured;
    }

    private static Measured run(int clients, String way, int rate, int workers, int keys) throws Exception {
        boolean flood = rate == 0;
        List<String> ports = new ArrayList<>();
        List<Child> running = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                int grpc = freePort();
                int http = freePort();
                running.add(Child.start(
                        MeasuredWorker.class, grpc, http, flood ? 1 : 10, flood ? 0 : 2_000, flood ? 0 : 20, keys > 0));
                ports.add(Integer.toString(way.equals("http") ? http : grpc));
            }
            int warm = flood ? 0 : WARM_SECONDS;
            for (int i = 0; i < clients; i++) {
                running.add(Child.start(
                        MeasuredClient.class,
                        way,
                        String.join(",", ports),
                        rate,
                        flood ? AT_ONCE / clients : 10_000,
                        warm,
                        keys));
            }
            TimeUnit.SECONDS.sleep(warm);
            do {
                TimeUnit.SECONDS.sleep(1 + SECONDS / 2); // at the rate that is measured
            } while (ask(running).stream().skip(workers).anyMatch(client -> client[0] == 0));
            long begin = System.nanoTime();
            TimeUnit.SECONDS.sleep(SECONDS);
            List<double[]> numbers = ask(running);
            return row(
                    numbers.subList(0, workers),
                    numbers.subList(workers, numbers.size()),
                    (System.nanoTime() - begin) / 1e9);
        } finally {
            running.forEach(Child::close);
        }
    }

    private static List<double[]> ask(List<Child> children) throws IOException {
        List<double[]> numbers = new ArrayList<>();
        for (Child child : children) {
            numbers.add(child.ask());
        }
        return numbers;
    }

    /** Percentiles are the mean of the clients' own. Without workers, the clients count batches. */
    private static Measured row(List<double[]> workers, List<double[]> clients, double seconds) {
        double items = sum(clients, 0);
        assertThat(items).isPositive();
        boolean remote = !workers.isEmpty();
        return new Measured(
                items / seconds,
                (remote ? sum(workers, 0) : items) / Math.max(1, remote ? sum(workers, 1) : sum(clients, 4)),
                sum(clients, 2) / clients.size(),
                sum(clients, 3) / clients.size(),
                sum(workers, 2) / items,
                sum(clients, 5) / items,
                sum(clients, 1));
    }

    private static double sum(List<double[]> numbers, int column) {
        return numbers.stream().mapToDouble(each -> each[column]).sum();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
