package io.asyncbatcher.schedules;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** A run-time image of JDK 25 whose classes are instrumented by Fray, made once for each version of JDK and Fray. */
final class Image {

    private static final int WANTED = 25;

    private final Path jdk;
    private final Path directory;
    private final Path home;

    Image(Path jdk, Path directory, String frayVersion) throws IOException {
        this.jdk = jdk;
        this.directory = directory;
        this.home = directory.resolve("jdk-" + version(jdk) + "-fray-" + frayVersion);
    }

    private static String version(Path jdk) throws IOException {
        Properties release = new Properties();
        Path file = jdk.resolve("release");
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                release.load(reader);
            }
        }
        return release.getProperty("JAVA_VERSION", "unknown").replace("\"", "");
    }

    Path java() {
        return home.resolve("bin/java");
    }

    Path jvmti() {
        return directory.resolve("libjvmti.so");
    }

    /** Classes of java.base that replace those of the image. */
    Path patch() {
        return directory.resolve("patch");
    }

    /** Makes what is missing; false, with a message, if that can't be done here. */
    boolean prepare(String jars, Path jvmtiJar) throws IOException, InterruptedException {
        String version = version(jdk);
        if (!version.startsWith(WANTED + ".") && !version.equals(String.valueOf(WANTED))) {
            System.err.println("Fray needs JDK " + WANTED + ", but " + jdk + " is " + version + ". Run Maven on JDK "
                    + WANTED + ", or name its directory with -Djdk25=<directory>.");
            return false;
        }
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            System.err.println("The schedules run on Linux on x86_64 only, where the agent of Fray is built for.");
            return false;
        }
        Files.createDirectories(directory);
        unpack(jvmtiJar, "libjvmti.so", jvmti());
        if (!Files.exists(home) && !link(jars)) {
            return false;
        }
        delete(patch());
        try (FileSystem classes =
                FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", home.toString()))) {
            JdkPatch.write(classes.getPath("/modules/java.base"), patch());
        }
        return true;
    }

    private boolean link(String jars) throws IOException, InterruptedException {
        String plugin = Stream.of(jars.split(":"))
                .filter(jar -> jar.contains("fray-instrumentation-jdk"))
                .findFirst()
                .orElseThrow();
        Path half = directory.resolve("half"); // until it is whole
        delete(half);
        List<String> command = List.of(
                jdk.resolve("bin/jlink").toString(),
                "-J-javaagent:" + plugin,
                "-J--module-path=" + jars,
                "-J--add-modules=org.pastalab.fray.instrumentation.jdk",
                "-J--class-path=" + jars,
                "--output=" + half,
                "--add-modules=java.se,jdk.unsupported",
                "--release-info",
                "add:IMPLEMENTOR=Fray",
                "--fray-instrumentation");
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            System.err.println("jlink ended with " + exit);
            return false;
        }
        Files.move(half, home);
        return true;
    }

    private static void unpack(Path jar, String entry, Path target) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.copy(zip.getPath(entry), target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> paths = Files.walk(tree)) {
                for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
