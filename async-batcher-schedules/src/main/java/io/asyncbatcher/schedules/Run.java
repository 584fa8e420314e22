package io.asyncbatcher.schedules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The run of one scenario. They run one after the other on the instrumented JDK, which ends at the first that fails. */
final class Run {

    /** The exit code after the failure of scenario n, of those that were asked for, is this plus n. */
    static final int FAILED = 100;

    private static final long WARM_UP_SEED = 0;

    private final Path reports = Path.of(Launch.property("directory")).resolve("reports");
    private final Runs runs = new Runs(Path.of(Launch.property("runs")));
    private final int count = Integer.parseInt(Launch.property("count"));
    private final boolean record = Boolean.parseBoolean(Launch.property("record"));
    private final Watchdog watchdog = new Watchdog(this::stuck);
    private final Scenario scenario;
    private final int index;
    private final long firstSeed;
    private volatile long begun = System.nanoTime();

    private Run(Scenario scenario, int index) throws IOException {
        this.scenario = scenario;
        this.index = index;
        String seed = Launch.property("seed");
        this.firstSeed = seed.equals("next") ? runs.nextSeed(scenario.name()) : Long.parseLong(seed);
    }

    public static void main(String[] arguments) throws IOException {
        List<Scenario> scenarios = chosen();
        int from = Integer.parseInt(Launch.property("from"));
        for (int i = from; i < scenarios.size(); i++) {
            new Run(scenarios.get(i), i).run();
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

    private void run() throws IOException {
        Path report = reports.resolve(scenario.name());
        Fray.Result result = Fray.run(scenario, WARM_UP_SEED, 1, report, watchdog); // loads classes
        int schedules = 0;
        if (result.failure() == null) {
            begun = System.nanoTime();
            result = Fray.run(scenario, firstSeed, count, report, watchdog);
            schedules = result.schedules();
        }
        watchdog.end();
        if (result.failure() == null) {
            tell("passed", schedules);
            note(schedules, 0);
        } else {
            fail(schedules == 0 ? WARM_UP_SEED : firstSeed + schedules - 1);
        }
    }

    /** A schedule doesn't end. */
    private void stuck(long seed) {
        try {
            fail(seed);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void fail(long seed) throws IOException {
        int schedules = (int) Math.max(0, seed - firstSeed + 1);
        tell("FAILED", schedules);
        System.out.println(scenario.race());
        Path log = reports.resolve(scenario.name()).resolve("fray.log");
        if (Files.exists(log)) {
            System.out.println(Files.readString(log).strip());
        }
        System.out.println("To run this schedule again: ./mvnw -Pschedules -pl async-batcher-schedules -am verify"
                + " -Dschedules.scenario=" + scenario.name() + " -Dschedules.seed=" + seed + " -Dschedules.count=1");
        note(schedules, 1);
        Runtime.getRuntime().halt(FAILED + index); // threads of the failed schedule may be left
    }

    private void tell(String outcome, int schedules) {
        System.out.printf(
                Locale.ROOT,
                "%-28s %s: %d schedules from seed %d in %.0f s, %.0f a second%n",
                scenario.name(),
                outcome,
                schedules,
                firstSeed,
                seconds(),
                schedules / seconds());
    }

    private void note(int schedules, int failures) throws IOException {
        if (record && schedules > 0) {
            runs.add(Launch.property("commit"), scenario.name(), firstSeed, schedules, failures, seconds());
        }
    }

    private double seconds() {
        return (double) (System.nanoTime() - begun) / TimeUnit.SECONDS.toNanos(1);
    }
}
