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
    private static final int RATE = Integer.getInteger("process.rate", 50);
    private static final int AT_ONCE = 2_000;

    /** The short form for a look at it, by async-batcher-sample-app/load/clients. */
    @Test
    void clientsOfOneWorker() throws Exception {
        MeasuredTable table = new MeasuredTable(CLIENTS + " clients of " + RATE + " items/s, for " + SECONDS + " s");
        table.add("each for itself", measure(CLIENTS, "local", RATE, false));
        table.add("one worker", measure(CLIENTS, "stream", RATE, true));
        table.print();
    }

    /** Little traffic: whether the batches of one worker are as full as those of one process with all of it. */
    @Test
    void littleTraffic() throws Exception {
        MeasuredTable table = new MeasuredTable(CLIENTS + " clients of 50 items/s");
        table.add("each for itself", measure(CLIENTS, "local", 50, false));
        table.add("one process with all", measure(1, "local", 50 * CLIENTS, false));
        table.add("one worker, streams", measure(CLIENTS, "stream", 50, true));
        table.add("one worker, unary calls", measure(CLIENTS, "unary", 50, true));
        table.print();
        ScaleOutPage.write("little", table.lines());
    }

    /** As much as goes: items a second and processor time, for clients in growing numbers. */
    @Test
    void saturation() throws Exception {
        MeasuredTable table = new MeasuredTable("as much as goes");
        ScaleOutModel model = new ScaleOutModel();
        for (String way : List.of("stream", "unary", "http")) {
            for (int clients = 1; clients <= CLIENTS; clients *= 2) {
                Measured measured = measure(clients, way, 0, true);
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

    private static Measured measure(int clients, String way, int rate, boolean remote) throws Exception {
        Measured measured = run(clients, way, rate, remote);
        if (way.equals("stream") || way.equals("local")) {
            assertThat(measured.failures()).as("failures").isZero();
        }
        return measured;
    }

    private static Measured run(int clients, String way, int rate, boolean remote) throws Exception {
        int grpc = freePort();
        int http = freePort();
        boolean flood = rate == 0;
        List<Child> running = new ArrayList<>();
        try {
            Child worker =
                    Child.start(MeasuredWorker.class, grpc, http, flood ? 1 : 10, flood ? 0 : 2_000, flood ? 0 : 20);
            running.add(worker);
            for (int i = 0; i < clients; i++) {
                running.add(Child.start(
                        MeasuredClient.class,
                        way,
                        way.equals("http") ? http : grpc,
                        rate,
                        flood ? AT_ONCE / clients : 10_000));
            }
            do {
                TimeUnit.SECONDS.sleep(1 + SECONDS / 2); // warm
            } while (ask(running).stream().anyMatch(numbers -> numbers[0] == 0 && (remote || numbers.length > 3)));
            long begin = System.nanoTime();
            TimeUnit.SECONDS.sleep(SECONDS);
            List<double[]> numbers = ask(running);
            return row(numbers, remote, (System.nanoTime() - begin) / 1e9);
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

    /** Percentiles are the mean of the clients' own. */
    private static Measured row(List<double[]> numbers, boolean remote, double seconds) {
        double[] worker = numbers.get(0);
        double items = 0;
        double p50 = 0;
        double p99 = 0;
        double batches = remote ? worker[1] : 0;
        double clientMicros = 0;
        double failures = 0;
        for (double[] client : numbers.subList(1, numbers.size())) {
            failures += client[1];
            items += client[0];
            p50 += client[2] / (numbers.size() - 1);
            p99 += client[3] / (numbers.size() - 1);
            batches += remote ? 0 : client[4];
            clientMicros += client[5];
        }
        assertThat(items).isPositive();
        return new Measured(
                items / seconds,
                (remote ? worker[0] : items) / Math.max(1, batches),
                p50,
                p99,
                (remote ? worker[2] : 0) / items,
                clientMicros / items,
                failures);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
