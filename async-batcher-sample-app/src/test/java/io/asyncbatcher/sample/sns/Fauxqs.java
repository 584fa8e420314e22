package io.asyncbatcher.sample.sns;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * An emulator of SNS on a free port of the loopback interface, in a process of its own that ends with this one. The first
 * start installs it, and the Node.js that it needs, into {@code target}.
 */
final class Fauxqs implements AutoCloseable {

    private static final Path SOURCE = Path.of("src/test/fauxqs");
    private static final Path HOME = Path.of("target/fauxqs");
    private static final String LOCK = "package-lock.json";

    private final Process process;
    private final int port;

    private Fauxqs(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether there is an npm, which brings the rest. */
    static boolean isPossible() {
        try {
            return run("npm", "--version") == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it and waits until it takes connections. */
    static Fauxqs start() throws IOException {
        install();
        Process process = new ProcessBuilder("node_modules/.bin/node", "server.mjs")
                .directory(HOME.toFile())
                .redirectError(log())
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String port = output.readLine();
        if (port == null) {
            throw new IllegalStateException("The emulator did not start: see " + log());
        }
        return new Fauxqs(process, Integer.parseInt(port));
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static void install() throws IOException {
        Path installed = HOME.resolve("installed");
        String wanted = Files.readString(SOURCE.resolve(LOCK));
        Files.createDirectories(HOME);
        for (String file : new String[] {"package.json", LOCK, "server.mjs"}) {
            Files.copy(SOURCE.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.exists(installed) && Files.readString(installed).equals(wanted)) {
            return;
        }
        if (run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund") != 0) {
            throw new IllegalStateException("The emulator could not be installed: see " + log());
        }
        Files.writeString(installed, wanted);
    }

    private static int run(String... command) throws IOException {
        Files.createDirectories(HOME);
        Process process = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log())
                .start();
        try {
            if (process.waitFor(5, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            throw new IllegalStateException(command[0] + " takes too long: see " + log());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } finally {
            process.destroy();
        }
    }

    private static File log() {
        return HOME.resolve("log").toFile();
    }
}
