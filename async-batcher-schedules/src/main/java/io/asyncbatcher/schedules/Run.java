package io.asyncbatcher.schedules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs scenarios one after the other, on the instrumented JDK. Ends at the first that fails. */
final class Run {

    /** The exit code after the failure of scenario n, of those that were asked for, is this plus n. */
    static final int FAILED = 100;

    private static final long WARM_UP_SEED = 0;

    private final Path reports = Path.of(Launch.property("directory")).resolve("reports");
    private final Runs runs = new Runs(Path.of(Launch.property("runs")));
    private final int count = Integer.parseInt(Launch.property("count"));
    private final boolean record = Boolean.parseBoolean(Launch.property("record"));
    private final Watchdog watchdog = new Watchdog();

    private Run() {}

    public static void main(String[] arguments) throws IOException {
        Run run = new Run();
        List<Scenario> scenarios = chosen();
        int from = Integer.parseInt(Launch.property("from"));
        for (int i = from; i < scenarios.size(); i++) {
            if (!run.run(scenarios.get(i))) {
                Runtime.getRuntime().halt(FAILED + i); // threads of the failed schedule may be left
            }
        }
        System.exit(0);
    }

    /** The scenarios whose names match the pattern that was given. */
    static List<Scenario> chosen() {
        Pattern pattern = Pattern.compile(Launch.property("scenario"));
        return Scenario.all().stream()
                .filter(scenario -> pattern.matcher(scenario.name()).matches())
                .toList();
    }

    private boolean run(Scenario scenario) throws IOException {
        String wanted = Launch.property("seed");
        long seed = wanted.equals("next") ? runs.nextSeed(scenario.name()) : Long.parseLong(wanted);
        Path report = reports.resolve(scenario.name());
        Fray.Result result = Fray.run(scenario, WARM_UP_SEED, 1, report, watchdog); // loads classes
        long begun = System.nanoTime();
        int schedules = 0;
        if (result.failure() == null) {
            result = Fray.run(scenario, seed, count, report, watchdog);
            schedules = result.schedules();
        }
        watchdog.rest();
        boolean failed = result.failure() != null;
        double seconds = (double) (System.nanoTime() - begun) / TimeUnit.SECONDS.toNanos(1);
        System.out.printf(
                Locale.ROOT,
                "%-28s %s: %d schedules from seed %d in %.0f s, %.0f a second%n",
                scenario.name(),
                failed ? "FAILED" : "passed",
                schedules,
                seed,
                seconds,
                schedules / seconds);
        if (failed) {
            tell(scenario, schedules == 0 ? WARM_UP_SEED : seed + schedules - 1, report);
        }
        if (record && schedules > 0) {
            runs.add(Launch.property("commit"), scenario.name(), seed, schedules, failed ? 1 : 0, seconds);
        }
        return !failed;
    }

    private static void tell(Scenario scenario, long seed, Path report) throws IOException {
        System.out.println(scenario.race());
        Path log = report.resolve("fray.log");
        if (Files.exists(log)) {
            System.out.println(Files.readString(log).strip());
        }
        System.out.println("To run this schedule again: ./mvnw -Pschedules -pl async-batcher-schedules -am verify"
                + " -Dschedules.scenario=" + scenario.name() + " -Dschedules.seed=" + seed + " -Dschedules.count=1");
    }
}
