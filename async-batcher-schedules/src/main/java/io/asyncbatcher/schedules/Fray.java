package io.asyncbatcher.schedules;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;
import org.pastalab.fray.core.TestRunner;
import org.pastalab.fray.core.command.Configuration;
import org.pastalab.fray.core.command.ExecutionInfo;
import org.pastalab.fray.core.command.LambdaExecutor;
import org.pastalab.fray.core.command.NetworkDelegateType;
import org.pastalab.fray.core.command.SystemTimeDelegateType;

/** Runs a scenario under schedules that follow from their seeds. */
final class Fray {

    private Fray() {}

    /**
     * Runs schedules with consecutive seeds until one fails.
     *
     * @param report a directory for what Fray has to say of a failure
     * @param begins hears the seed of each schedule before it begins
     */
    static Result run(Scenario scenario, long firstSeed, int count, Path report, LongConsumer begins) {
        Seeds seeds = new Seeds(firstSeed);
        LambdaExecutor executor = new LambdaExecutor(() -> {
            begins.accept(seeds.last());
            SharedTimer.register();
            Trial.run(scenario);
            return Unit.INSTANCE;
        });
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        TestRunner runner;
        Configuration configuration;
        try {
            configuration = new Configuration(
                    new ExecutionInfo(
                            executor, false, // ignoreUnhandledExceptions
                            false, // interleaveMemoryOps: plain fields are guarded by volatile ones, locks and monitors
                            -1), // maxScheduledStep
                    report,
                    count,
                    Integer.MAX_VALUE, // timeout
                    new SeededScheduler(seeds),
                    seeds,
                    true, // fullSchedule
                    false, // exploreMode
                    true, // noExitWhenBugFound
                    false, // isReplay
                    false, // noFray
                    false, // dummyRun
                    NetworkDelegateType.NONE,
                    SystemTimeDelegateType.MOCK,
                    scenario.stepNanos(),
                    false, // ignoreTimedBlock: a timed wait ends when Fray's clock is there
                    true, // sleepAsYield
                    false, // resetClassLoader
                    false, // redirectStdout
                    false, // abortThreadExecutionAfterMainExit: every thread ends by itself
                    false, // resolveRacingOperationStackTraceHash
                    null); // timelineCoverageType
            runner = new TestRunner(configuration); // keeps the stream that it finds, for its progress
        } finally {
            System.setOut(out);
        }
        Throwable failure = runner.run();
        return new Result(configuration.getCurrentIteration() + (failure == null ? 0 : 1), failure);
    }

    /** How many schedules ran, and how the last one failed. */
    record Result(int schedules, @Nullable Throwable failure) {}
}
