package io.asyncbatcher.grpc.process;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.grpc.WorkerServer;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, which writes each item to a log before it runs it, so that a kill hides nothing. */
final class WorkerProcess {

    private final int port;
    private final Path log;
    private Process process;

    /** A worker that is not started. */
    WorkerProcess(int port, Path log) {
        this.port = port;
        this.log = log;
    }

    int port() {
        return port;
    }

    /** Starts it, and waits until it listens. */
    void start() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        classPath,
                        WorkerProcess.class.getName(),
                        String.valueOf(port),
                        log.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() < 0) {
            throw new IOException("The worker has ended before it listened");
        }
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The worker outlived its kill");
        }
    }

    /** As an operator stops it; waits until it has ended. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The worker doesn't end");
        }
    }

    /** All items that it has begun to run since its first start. */
    Set<String> ran() throws IOException {
        return Files.exists(log) ? new HashSet<>(Files.readAllLines(log)) : Set.of();
    }

    /** Runs the worker: arguments are port and log. */
    public static void main(String[] arguments) throws IOException {
        OutputStream log = new FileOutputStream(arguments[1], true);
        BatchProcessor<String, String> processor = items -> {
            log.write((String.join("\n", items) + "\n").getBytes(StandardCharsets.UTF_8));
            long micros = 2_000 + 20L * items.size();
            TimeUnit.MICROSECONDS.sleep(micros);
            return List.copyOf(items);
        };
        AsyncBatcher<String, String> batcher =
                AsyncBatcher.builder(processor).name("echo").build();
        WorkerServer server = WorkerServer.start(
                GrpcWorker.builder()
                        .expose(batcher, new PlainText(), new PlainText())
                        .build(),
                Grpc.newServerBuilderForPort(Integer.parseInt(arguments[0]), InsecureServerCredentials.create()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(Duration.ofSeconds(20)).join();
            batcher.close();
        }));
        System.out.println("ready");
        System.out.flush();
    }
}
