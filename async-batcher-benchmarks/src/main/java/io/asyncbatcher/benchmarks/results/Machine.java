package io.asyncbatcher.benchmarks.results;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What it was measured on, and with which versions. */
public final class Machine {

    private static final Pattern JAR = Pattern.compile("(buffer-trigger|reactor-core|rxjava(?=-3)|gax|java-dataloader"
            + "|hystrix-core|pekko-stream_2.13|jctools-core|jmh-core|micrometer-core)-(\\d[\\w.]*)\\.jar");

    private Machine() {}

    public static Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        facts.put("cpu", cpu());
        facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", Math.round(system.getTotalMemorySize() / (double) (1 << 30)) + " GiB");
        facts.put("load", String.valueOf(system.getSystemLoadAverage()));
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
        facts.put("commit", output("git", "rev-parse", "HEAD"));
        facts.put("changed", output("git", "status", "--porcelain").isEmpty() ? "no" : "yes");
        return facts;
    }

    /** Of the peers, read off the class path. */
    public static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        Matcher jars = JAR.matcher(System.getProperty("java.class.path"));
        while (jars.find()) {
            versions.put(jars.group(1), jars.group(2));
        }
        return versions;
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException elsewhere) {
            return System.getProperty("os.arch");
        }
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException missing) {
            return "unknown";
        }
    }
}
