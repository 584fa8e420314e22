package io.asyncbatcher.grpc.simulator;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs plans, and tells of one that fails as shortly as possible. */
final class Simulator implements AutoCloseable {

    private static final List<Logger> LOGGERS =
            List.of(Logger.getLogger("io.asyncbatcher"), Logger.getLogger("io.grpc"));

    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue()
                    >= Level.SEVERE.intValue()) { // gRPC and the lanes log what they can't throw
                bug = record;
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private @Nullable LogRecord bug;

    Simulator() {
        LOGGERS.forEach(logger -> {
            logger.addHandler(log);
            logger.setUseParentHandlers(false);
        });
    }

    @Override
    public void close() {
        LOGGERS.forEach(logger -> {
            logger.removeHandler(log);
            logger.setUseParentHandlers(true);
        });
    }

    /** What happens in a run. */
    List<String> trace(long seed) {
        World world = new World(Plan.of(seed));
        List<String> trace = world.trace();
        run(Plan.of(seed), world);
        return trace;
    }

    /** The story of the first run that fails; null = everything is as promised. */
    @Nullable
    String firstFailure(long first, long runs) {
        for (long seed = first; seed - first < runs; seed++) {
            Plan plan = Plan.of(seed);
            Violation violation = run(plan, new World(plan));
            if (violation != null) {
                return story(seed, plan, violation);
            }
        }
        return null;
    }

    private @Nullable Violation run(Plan plan, World world) {
        bug = null;
        try {
            plan.events().forEach(event -> {
                world.event(event);
                noBug();
            });
            new End(world, plan.endSeed()).run();
            noBug();
            return null;
        } catch (Violation broken) {
            return broken;
        } catch (RuntimeException | Error e) {
            Violation broken = new Violation("nothing is thrown", e);
            broken.initCause(e);
            return broken;
        } finally {
            world.close();
        }
    }

    private void noBug() {
        LogRecord found = bug;
        if (found != null) {
            Violation broken = new Violation("no step fails", found.getMessage());
            broken.initCause(found.getThrown());
            throw broken;
        }
    }

    private String story(long seed, Plan plan, Violation violation) {
        Plan smallest = shortest(plan, violation.rule);
        World world = new World(smallest);
        List<String> trace = world.trace();
        Violation last = run(smallest, world);
        StringBuilder story = new StringBuilder("seed " + seed + ": " + violation.getMessage() + "\nin short ("
                + smallest.events().size() + " of " + plan.events().size() + " events): "
                + (last == null ? "" : last.getMessage()) + "\n" + plan.settings() + "\n");
        trace.forEach(line -> story.append(line).append('\n'));
        for (Throwable cause = violation.getCause(); cause != null; cause = cause.getCause()) {
            story.append(cause).append('\n');
            for (StackTraceElement element : cause.getStackTrace()) {
                story.append("    at ").append(element).append('\n');
            }
        }
        return story.toString();
    }

    private Plan shortest(Plan failing, String rule) {
        Plan smallest = failing;
        for (int size = smallest.events().size() / 2; size > 0; size /= 2) {
            for (int at = smallest.events().size() - size; at >= 0; at -= size) {
                Plan smaller = smallest.without(at, at + size);
                Violation violation = run(smaller, new World(smaller));
                if (violation != null && violation.rule.equals(rule)) {
                    smallest = smaller;
                    at = Math.min(at, smallest.events().size());
                }
            }
        }
        return smallest;
    }
}
