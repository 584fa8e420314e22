package io.asyncbatcher.benchmarks.experiment;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The application in a JVM of its own, with the JVM's, Tomcat's and the sample's own settings but for the mode. */
final class ApplicationProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private ApplicationProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static ApplicationProcess start(Workload workload, BatchingMode mode, Path scratch)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                ExperimentApplication.class.getName(),
                "--server.port=0",
                "--server.address=localhost",
                "--spring.profiles.active=" + workload.profile(),
                // To measure a full batch it is paused until as many items are queued.
                "--management.endpoint.batchers.access=unrestricted"));
        if (mode.batched()) {
            command.add("--batcher.instances." + workload.batcher() + ".dispatch=" + mode.label());
        }
        Path log = scratch.resolve("server-" + workload.label() + "-" + mode.label() + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ApplicationProcess(process, port(process, log));
    }

    int port() {
        return port;
    }

    /** What the JVM and all that it started have used of the cores, PostgreSQL for example. */
    Duration cpuTime() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> handle.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException tooLate) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    /** Whether there is such a file on the application's class path. */
    static boolean has(String resource) {
        try (URLClassLoader application = new URLClassLoader(urls())) {
            return application.getResource(resource) != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL[] urls() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** The measuring JVM's own is without the application. */
    private static String classPath() {
        String own = System.getProperty("java.class.path");
        String application = System.getProperty("application.classpath");
        return application == null ? own : own + File.pathSeparator + application;
    }

    private static int port(Process process, Path log) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() - endNanos < 0) {
            for (String line : Files.readAllLines(log)) {
                if (line.startsWith(ExperimentApplication.PORT)) {
                    return Integer.parseInt(line.substring(ExperimentApplication.PORT.length()));
                }
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the application did not start: " + String.join("\n", Files.readAllLines(log)));
    }
}
