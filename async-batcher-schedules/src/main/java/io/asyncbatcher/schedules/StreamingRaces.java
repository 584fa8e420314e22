package io.asyncbatcher.schedules;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/** Results that are reported as they come, each against another thread. */
final class StreamingRaces {

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "report-end",
                    "Two threads report the items of a batch while its stage is completed.",
                    StreamingRaces::end),
            new Scenario(
                    "report-twice",
                    "Two threads report the same items, and continuations wait for each other.",
                    StreamingRaces::twice),
            new Scenario(
                    "report-cancel-timeout",
                    "Items are reported while one is cancelled, and the timeout of another is over.",
                    StreamingRaces::cancel),
            new Scenario(
                    "report-stop",
                    "Items are reported while a forced stop gives their batch up.",
                    trial -> stop(trial, false)),
            new Scenario(
                    "report-stop-completion-executor",
                    "The same where reported items are tasks of the completionExecutor.",
                    trial -> stop(trial, true)),
            new Scenario(
                    "report-halving",
                    "A thread reports items of a batch while its processor fails, and the rest is halved.",
                    StreamingRaces::halving));

    /** What comes too late is warned of, and comes so in many schedules. Kept, because the JDK keeps loggers weakly. */
    private static final Logger LOGGER = Logger.getLogger("io.asyncbatcher");

    static {
        LOGGER.setLevel(Level.SEVERE);
    }

    private StreamingRaces() {}

    private static void report(Trial trial, List<Integer> items, BatchResults<Integer> results, int from, int to) {
        for (int i = from; i < to; i++) {
            trial.step();
            results.success(i, Trial.result(items.get(i)));
        }
    }

    private static void submitAll(Trial trial, AsyncBatcher<Integer, Integer> batcher, int count) {
        IntStream.range(0, count).forEach(item -> trial.submit(batcher, item));
    }

    private static void end(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.on(AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.<Integer, Integer>streaming((items, results) -> {
                            trial.enter(items);
                            CompletableFuture<Void> stage = new CompletableFuture<>();
                            trial.thread(() -> report(trial, items, results, 0, 1));
                            trial.thread(() -> {
                                report(trial, items, results, 1, 2);
                                trial.leave();
                                stage.complete(null);
                            });
                            return stage;
                        })))
                .maxBatchSize(2)
                .build();
        trial.limits(2, 1);
        submitAll(trial, batcher, 2);
        trial.check(batcher, BatchResultException.class);
        Trial.demand(
                !Objects.requireNonNull(trial.future(1)).isCompletedExceptionally(),
                "An item was reported in time and failed");
    }

    private static void twice(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.on(AsyncBatcher.builder(
                        BatchProcessor.<Integer, Integer>streaming((items, results) -> {
                            trial.enter(items);
                            CompletableFuture<Void> other = new CompletableFuture<>();
                            trial.thread(() -> {
                                report(trial, items, results, 0, 2);
                                other.complete(null);
                            });
                            report(trial, items, results, 0, 2);
                            other.join();
                            trial.leave();
                        })))
                .maxBatchSize(2)
                .build();
        trial.limits(2, 1);
        batcher.pause();
        CompletableFuture<Integer> last = trial.call(batcher, 0);
        CompletableFuture<Integer> first = trial.call(batcher, 1);
        CompletableFuture<Integer> waiting = last.thenApply(result -> result + first.join());
        batcher.resume();
        trial.check(batcher);
        Trial.demand(waiting.isDone(), "A continuation was lost");
    }

    private static void cancel(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.on(
                        AsyncBatcher.builder(BatchProcessor.<Integer, Integer>streaming((items, results) -> {
                            trial.enter(items);
                            report(trial, items, results, 0, items.size());
                            trial.leave();
                        })))
                .maxBatchSize(3)
                .build();
        trial.limits(3, 1);
        trial.submitted(0, batcher.process(0, Duration.ofMillis(1)));
        CompletableFuture<Integer> cancelled = trial.call(batcher, 1);
        trial.thread(() -> trial.submit(batcher, 2));
        trial.thread(() -> cancelled.cancel(false));
        trial.check(batcher, CancellationException.class, ItemExpiredException.class);
    }

    private static void stop(Trial trial, boolean tasks) throws InterruptedException {
        AsyncBatcher.Builder<Integer, Integer> builder = trial.on(AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.<Integer, Integer>streaming((items, results) -> {
                            trial.enter(items);
                            CompletableFuture<Void> stage = new CompletableFuture<>();
                            trial.thread(() -> {
                                report(trial, items, results, 0, 2);
                                trial.leave();
                                stage.complete(null);
                            });
                            return stage;
                        })))
                .maxBatchSize(2);
        AsyncBatcher<Integer, Integer> batcher = (tasks ? builder.completionExecutor(trial::execute) : builder).build();
        trial.limits(2, 1);
        submitAll(trial, batcher, 2);
        trial.thread(() -> trial.awaitStop(batcher.stop(true)));
        trial.check(batcher, BatcherStoppedException.class, BatchAbortedException.class);
    }

    private static void halving(Trial trial) throws InterruptedException {
        AsyncBatcher<Integer, Integer> batcher = trial.on(AsyncBatcher.builder(
                        BatchProcessor.<Integer, Integer>streaming((items, results) -> {
                            trial.enter(items);
                            if (items.size() == 3) {
                                trial.thread(() -> report(trial, items, results, 0, 2));
                                trial.step();
                                trial.leave();
                                throw new IllegalArgumentException("too many");
                            }
                            report(trial, items, results, 0, items.size());
                            trial.leave();
                        })))
                .maxBatchSize(3)
                .isolateFailures(failure -> true)
                .build();
        trial.limits(3, 1);
        trial.attempts(3);
        submitAll(trial, batcher, 3);
        trial.check(batcher, IllegalArgumentException.class);
    }
}
