package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** One random sequence of calls, made of an engine and of the {@link Model}, and compared after each. */
final class RandomRun {

    private static final int STEPS = 60;

    private enum Ending {
        RESULTS,
        EXCEPTION,
        ERROR,
        TOO_FEW,
        OUTCOMES
    }

    private record Submitted(Model.Entry expected, CompletableFuture<Integer> future) {}

    private record Running(Model.Group group, List<Integer> items, CompletableFuture<List<Outcome<Integer>>> stage) {}

    private final Random random;
    private final boolean async;
    private final StringBuilder trace = new StringBuilder();
    private final VirtualTime time = new VirtualTime();
    private final HandRunExecutor executor = new HandRunExecutor();
    private final HandRunExecutor completionExecutor = new HandRunExecutor();
    private final AsyncBatcher<Integer, Integer> batcher;
    private final Model model;
    private final List<Submitted> submitted = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private final List<CompletableFuture<Void>> stops = new ArrayList<>();
    private int settledEvents;
    private long seen;
    private boolean rejectNext;
    private Ending ending = Ending.RESULTS;
    private List<Integer> batch;
    private CompletableFuture<List<Outcome<Integer>>> stage;

    RandomRun(long seed) {
        random = new Random(seed);
        async = random.nextBoolean();
        BatcherOptions options = anyOptions(BatcherOptions.defaults());
        AsyncBatcher.Builder<Integer, Integer> builder = async
                ? AsyncBatcher.asyncBuilder(AsyncBatchProcessor.withOutcomes(this::begin))
                : AsyncBatcher.builder(BatchProcessor.withOutcomes(this::process));
        builder.options(options).time(time).executor(this::execute).listener(new BatcherListener() {
            @Override
            public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                settledEvents++;
            }
        });
        if (random.nextBoolean()) {
            builder.completionExecutor(completionExecutor);
        }
        batcher = builder.build();
        model = new Model(options);
        trace.append(async ? "async " : "").append(options).append('\n');
    }

    void run() {
        try {
            for (int step = 0; step < STEPS; step++) {
                step();
                completionExecutor.runAll();
                compare();
            }
            end();
        } catch (Throwable failure) {
            throw new AssertionError("after\n" + trace, failure);
        }
    }

    private void step() {
        switch (random.nextInt(26)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> submit(null);
            case 8, 9 -> submit(random.nextInt(40) * 1_000_000L - 1_000_000L + 137);
            case 10 -> endByCaller("cancelled", future -> future.cancel(true));
            case 11 -> endByCaller("-7", future -> future.complete(-7));
            case 12, 13, 14 -> advance(random.nextInt(15));
            case 15, 16, 17, 18 -> runNext();
            case 19 -> finishStage();
            case 20 -> flush();
            case 21 -> pauseOrResume();
            case 22 -> reconfigure();
            case 23 -> rejectNext();
            case 24 -> start();
            default -> {
                if (random.nextInt(3) == 0) {
                    stop();
                }
            }
        }
    }

    private void submit(Long timeoutNanos) {
        int id = submitted.size();
        log("submit " + id + (timeoutNanos == null ? "" : " timeout " + timeoutNanos));
        CompletableFuture<Integer> future =
                timeoutNanos == null ? batcher.process(id) : batcher.process(id, Duration.ofNanos(timeoutNanos));
        submitted.add(new Submitted(model.submit(id, timeoutNanos), future));
    }

    private void endByCaller(String end, Function<CompletableFuture<Integer>, Boolean> action) {
        List<Submitted> open =
                submitted.stream().filter(each -> each.expected.end == null).toList();
        if (!open.isEmpty()) {
            Submitted one = open.get(random.nextInt(open.size()));
            log(end + " by caller " + one.expected.id);
            assertThat(action.apply(one.future)).isTrue();
            model.end(one.expected, end);
        }
    }

    private void advance(int millis) {
        log("advance " + millis);
        for (int i = 0; i < millis; i++) {
            time.advanceMillis(1);
            model.advance(1_000_000);
            follow();
        }
    }

    private void runNext() {
        if (executor.waiting() == 0) {
            return;
        }
        ending = Ending.values()[random.nextInt(Ending.values().length)];
        log("run " + ending);
        batch = null;
        Optional<Model.Group> called = model.runNext();
        List<Integer> expected = called.map(Model.Group::live).orElse(null);
        executor.runNext();
        assertThat(batch).isEqualTo(expected);
        if (called.isPresent()) {
            if (async) {
                running.add(new Running(called.get(), batch, stage));
            } else {
                Ending how = ending;
                model.finish(called.get(), entry -> ended(how, entry.id));
            }
        }
    }

    private void finishStage() {
        if (!running.isEmpty()) {
            Running one = running.remove(random.nextInt(running.size()));
            Ending how = Ending.values()[random.nextInt(Ending.values().length)];
            log("finish stage of " + one.items + " " + how);
            complete(one.stage, one.items, how);
            model.finish(one.group, entry -> ended(how, entry.id));
        }
    }

    private void flush() {
        log("flush");
        batcher.flush();
        model.flush();
    }

    private void pauseOrResume() {
        if (model.paused) {
            log("resume");
            batcher.resume();
            model.resume();
        } else if (model.state == Model.State.RUNNING) {
            log("pause");
            batcher.pause();
            model.pause();
        }
    }

    private void reconfigure() {
        BatcherOptions options = anyOptions(model.options);
        log("reconfigure " + options);
        batcher.reconfigure(old -> options);
        model.reconfigure(options);
    }

    private void rejectNext() {
        log("executor refuses next");
        rejectNext = true;
        model.executorRejectsNext = true;
    }

    private void start() {
        log("start");
        if (model.state == Model.State.STOPPING) {
            assertThatIllegalStateException().isThrownBy(batcher::start);
        } else {
            batcher.start();
        }
        if (model.state == Model.State.STOPPED) {
            stops.clear();
        }
        model.start();
    }

    private void stop() {
        int kind = random.nextInt(3);
        if (kind < 2) {
            log("stop " + (kind == 1));
            stops.add(batcher.stop(kind == 1));
            model.stop(kind == 1);
        } else {
            long grace = random.nextInt(30) * 1_000_000L + 500;
            log("stop within " + grace);
            stops.add(batcher.stop(Duration.ofNanos(grace)));
            model.stop(grace);
        }
    }

    private void end() {
        log("the end");
        stops.add(batcher.stop(false));
        model.stop(false);
        completionExecutor.runAll();
        compare();
        while (model.state != Model.State.STOPPED) {
            runNext();
            finishStage();
            completionExecutor.runAll();
            compare();
        }
        assertThat(time.alarms()).isZero();
        assertThat(model.live()).isEmpty();
    }

    private void follow() {
        while (dispatches() > model.dispatched) {
            assertThat(model.dispatchEarly()).as("a batch was due").isTrue();
        }
    }

    private long dispatches() {
        return batcher.snapshot().dispatches().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void compare() {
        follow();
        for (Submitted each : submitted) {
            assertThat(ended(each.future)).as("item " + each.expected.id).isEqualTo(each.expected.end);
        }
        assertThat(executor.waiting()).as("handed over").isEqualTo(model.handed.size());
        BatcherSnapshot now = batcher.snapshot();
        assertThat(now.queued()).as("queued").isEqualTo(model.queued.size());
        assertThat(now.inFlight()).as("in flight").isEqualTo(model.live().size() - model.queued.size());
        assertThat(now.abandonedBatches()).as("abandoned").isEqualTo((int) model.abandoned());
        assertThat(now.activeBatches()).as("active").isEqualTo((int) (model.active.size() - model.abandoned()));
        assertThat(now.running()).as("running").isEqualTo(model.state == Model.State.RUNNING);
        assertThat(now.paused()).as("paused").isEqualTo(model.paused);
        assertThat(dispatches()).as("dispatches").isEqualTo(model.dispatched);
        assertThat(now.rejections().get(RejectionReason.FULL)).isEqualTo(model.fullRejections);
        assertThat(now.rejections().get(RejectionReason.STOPPED)).isEqualTo(model.stoppedRejections);
        assertThat(settledEvents)
                .as("settled events")
                .isEqualTo((int) model.accepted - model.live().size());
        for (CompletableFuture<Void> stop : stops) {
            assertThat(stop.isDone()).as("stopped").isEqualTo(model.state == Model.State.STOPPED);
        }
    }

    private void execute(Runnable task) {
        if (rejectNext
                && batcher.isRunning()) { // while it stops, rejected batches run elsewhere, and in no known order
            rejectNext = false;
            throw new RejectedExecutionException();
        }
        executor.execute(task);
    }

    private List<Outcome<Integer>> process(List<Integer> items) {
        begin(items);
        if (ending == Ending.EXCEPTION) {
            throw new IllegalStateException();
        } else if (ending == Ending.ERROR) {
            throw new StackOverflowError();
        }
        complete(stage, items, ending);
        return stage.join();
    }

    private CompletionStage<List<Outcome<Integer>>> begin(List<Integer> items) {
        assertThat(batch).as("one batch a task").isNull();
        batch = List.copyOf(items);
        for (int item : batch) {
            assertThat(item + 1L).as("first in, first out").isGreaterThan(seen);
            seen = item + 1L;
        }
        stage = new CompletableFuture<>();
        return stage;
    }

    private static void complete(CompletableFuture<List<Outcome<Integer>>> stage, List<Integer> items, Ending ending) {
        switch (ending) {
            case RESULTS ->
                stage.complete(
                        items.stream().map(item -> Outcome.success(2 * item)).toList());
            case EXCEPTION -> stage.completeExceptionally(new IllegalStateException());
            case ERROR -> stage.completeExceptionally(new StackOverflowError());
            case TOO_FEW -> stage.complete(List.of());
            case OUTCOMES ->
                stage.complete(items.stream()
                        .map(item -> item % 2 == 0
                                ? Outcome.success(2 * item)
                                : Outcome.<Integer>failure(new IllegalArgumentException()))
                        .toList());
        }
    }

    private static String ended(Ending ending, int id) {
        return switch (ending) {
            case RESULTS -> String.valueOf(2 * id);
            case EXCEPTION -> "IllegalStateException";
            case ERROR -> "StackOverflowError";
            case TOO_FEW -> "BatchResultException true";
            case OUTCOMES -> id % 2 == 0 ? String.valueOf(2 * id) : "IllegalArgumentException";
        };
    }

    private static String ended(CompletableFuture<?> future) {
        if (!future.isDone()) {
            return null;
        }
        Throwable failure = ByHand.failure(future);
        if (failure instanceof CancellationException) {
            return "cancelled";
        }
        if (failure instanceof BatcherException own) {
            return own.getClass().getSimpleName() + " " + own.mayHaveRun();
        }
        return failure == null
                ? Objects.toString(future.join())
                : failure.getClass().getSimpleName();
    }

    private BatcherOptions anyOptions(BatcherOptions options) {
        return options.withMaxBatchSize(any(1, 2, 3, 5, -1))
                .withMaxQueueTime(Duration.ofMillis(any(0, 5, 10, 20)))
                .withConcurrency(any(1, 1, 2, 3, -1))
                .withMaxQueueSize(any(1, 2, 4, 8, 20, -1));
    }

    private int any(int... values) {
        return values[random.nextInt(values.length)];
    }

    private void log(String line) {
        trace.append(model.now / 1_000_000).append(" ms: ").append(line).append('\n');
    }
}
