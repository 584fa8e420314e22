package io.asyncbatcher.schedules;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prepares what Fray needs below the build directory, then runs the scenarios on the instrumented JDK. */
final class Launch {

    private static final String PREFIX = "schedules.";

    private Launch() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(property("directory"));
        Image image = new Image(Path.of(property("jdk25")), directory, property("fray"));
        if (!image.prepare(property("jars.jlink"), Path.of(property("jar.jvmti")))) {
            System.exit(1);
        }
        int scenarios = Run.chosen().size();
        if (scenarios == 0) {
            System.out.println("No scenario is named " + property("scenario") + "; there are:");
            Scenario.all().forEach(scenario -> System.out.println(scenario.name() + ": " + scenario.race()));
            System.exit(1);
        }
        boolean failed = false;
        for (int from = 0; from < scenarios; ) {
            int exit = run(image, from);
            failed |= exit != 0;
            from = exit >= Run.FAILED ? exit - Run.FAILED + 1 : scenarios; // after a failure the others go on
        }
        System.out.println(new Runs(Path.of(property("runs"))).total());
        System.exit(failed ? 1 : 0);
    }

    private static int run(Image image, int from) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                image.java().toString(),
                "--patch-module=java.base=" + image.patch(),
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "-javaagent:" + property("jar.agent"),
                "-agentpath:" + image.jvmti(),
                "-Xmx1g",
                "-cp",
                property("jars.run")));
        Stream.of("directory", "runs", "count", "seed", "scenario", "record")
                .forEach(name -> command.add("-D" + PREFIX + name + "=" + property(name)));
        command.add("-D" + PREFIX + "from=" + from);
        command.add("-D" + PREFIX + "commit=" + commit());
        command.add(Run.class.getName());
        return new ProcessBuilder(command)
                .directory(new File(property("directory")))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The commit whose core is run, with a plus if that was changed since. */
    private static String commit() throws IOException, InterruptedException {
        String commit = git("rev-parse", "--short", "HEAD");
        return commit.isEmpty()
                ? "unknown"
                : commit
                        + (git("status", "--porcelain", "--", ":/async-batcher-core")
                                        .isEmpty()
                                ? ""
                                : "+");
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .directory(new File(property("directory")))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "";
        } catch (IOException noGit) {
            return "";
        }
    }

    static String property(String name) {
        String value = System.getProperty(PREFIX + name);
        if (value == null) {
            throw new IllegalStateException("System property " + PREFIX + name + " is missing; start this with Maven");
        }
        return value;
    }
}
