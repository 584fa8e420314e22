package io.asyncbatcher.sample;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sample in a JVM of its own, as a user starts it, so that it can be ended by a signal. */
public final class SampleProcess implements AutoCloseable {

    static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Process process;
    private final Thread reader;

    private SampleProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::readLog, "log of the sample");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the sample, with a temporary directory that shows what it leaves behind. */
    public static SampleProcess start(Path temporary, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                // PostgreSQL's binaries, which this JVM's other tests unpack too. Its data is in the temporary
                // directory.
                "-Dot.epg.working-dir=" + Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"),
                "-cp",
                System.getProperty("java.class.path"),
                SampleApplication.class.getName(),
                "--server.port=0"));
        command.addAll(List.of(properties));
        return new SampleProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Waits until the sample takes requests, and gives the port. */
    public int port() {
        await().atMost(START).until(() -> logged("Started SampleApplication").isPresent() || !process.isAlive());
        return Integer.parseInt(logged("Tomcat started on port (\\d+)").orElseThrow(this::unexpectedLog));
    }

    /** Sends SIGTERM and goes on. */
    public void terminate() {
        // Process.destroy() would close the log along with it.
        process.toHandle().destroy();
    }

    /** Sends SIGKILL and goes on. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for the end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw unexpectedLog();
        }
        reader.join();
        return process.exitValue();
    }

    List<String> log() {
        return log;
    }

    /** The first group of the pattern, or all of it, in the first line that has it. */
    Optional<String> logged(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return log.stream()
                .map(compiled::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(matcher.groupCount()))
                .findFirst();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private AssertionError unexpectedLog() {
        return new AssertionError(String.join("\n", log));
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(log::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
