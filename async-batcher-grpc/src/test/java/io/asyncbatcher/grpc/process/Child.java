package io.asyncbatcher.grpc.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that a test talks to by lines: it says when it is ready, is asked, and answers with numbers. */
final class Child implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a class of this package, and waits for its first line. */
    static Child start(Class<?> main, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Child child = new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        child.line();
        return child;
    }

    private String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("The process has ended");
        }
        return line;
    }

    /** Asks for the numbers of the time since it was asked last. */
    double[] ask() throws IOException {
        input.write("\n");
        input.flush();
        return List.of(line().split(" ")).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What gives the numbers of a child since the last time. */
    interface Numbers {
        double[] sinceLast();
    }

    /** The child's side: says that it is ready, and answers each line with numbers. Returns when nobody asks any more. */
    static void answer(Numbers numbers) throws IOException {
        System.out.println("ready");
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (questions.readLine() != null) {
            StringBuilder answer = new StringBuilder();
            for (double number : numbers.sinceLast()) {
                answer.append(number).append(' ');
            }
            System.out.println(answer.toString().strip());
        }
    }

    /** The processor time of this process so far. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
