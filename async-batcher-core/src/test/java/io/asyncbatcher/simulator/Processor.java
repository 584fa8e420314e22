package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.RateLimitedException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The batch function of a run, in each of its shapes, with what may go wrong in it. */
final class Processor {

    /** What a call is going to return or throw, and what that means for each item. */
    private record Reply(Object value, Throwable thrown) {}

    private record Stage(Call call, CompletableFuture<Object> future) {}

    private static final Object NOTHING = new Object();

    private final World world;
    private final List<Stage> stages = new ArrayList<>();
    /** What streaming calls report to, the ended ones included. */
    private final Map<Call, Reports> reports = new LinkedHashMap<>();
    /** What a call waits for, so that the watchdog can end it. */
    private volatile CompletableFuture<Answer> joined;

    private final List<Thread> frames = new ArrayList<>();

    Processor(World world) {
        this.world = world;
    }

    @SuppressWarnings("unchecked")
    AsyncBatcher.Builder<Thing, Answer> builder() {
        if (world.settings.has(Settings.Ability.ASYNC)) {
            return AsyncBatcher.asyncBuilder(
                    switch (world.settings.shape()) {
                        case LIST -> batch -> (CompletionStage<List<Answer>>) begin(batch);
                        case KEYED ->
                            AsyncBatchProcessor.keyed(batch -> (CompletionStage<Map<Thing, Answer>>) begin(batch));
                        case CONSUMING ->
                            (AsyncBatchProcessor<Thing, Answer>)
                                    (AsyncBatchProcessor<Thing, ?>) AsyncBatchProcessor.consuming(
                                            (List<Thing> batch) -> (CompletionStage<?>) begin(batch));
                        case OUTCOMES ->
                            AsyncBatchProcessor.withOutcomes(
                                    batch -> (CompletionStage<List<Outcome<Answer>>>) begin(batch));
                        case STREAMING ->
                            AsyncBatchProcessor.<Thing, Answer>streaming(
                                    (batch, results) -> (CompletionStage<?>) begin(batch, results));
                        // Hook: matching.
                    });
        }
        return AsyncBatcher.builder(
                switch (world.settings.shape()) {
                    case LIST -> batch -> (List<Answer>) process(batch);
                    case KEYED -> BatchProcessor.keyed(batch -> (Map<Thing, Answer>) process(batch));
                    case CONSUMING ->
                        (BatchProcessor<Thing, Answer>) (BatchProcessor<Thing, ?>)
                                BatchProcessor.consuming((List<Thing> batch) -> process(batch));
                    case OUTCOMES -> BatchProcessor.withOutcomes(batch -> (List<Outcome<Answer>>) process(batch));
                    case STREAMING -> BatchProcessor.<Thing, Answer>streaming(this::process);
                });
    }

    /** Whether the current thread is in a call of this processor. */
    boolean onThisThread() {
        return frames.contains(Thread.currentThread());
    }

    private Object process(List<Thing> batch) throws Exception {
        return process(batch, null);
    }

    private Object process(List<Thing> batch, BatchResults<Answer> results) throws Exception {
        Call call = begins(batch, results);
        frames.add(Thread.currentThread());
        try {
            Reply reply = reply(call, batch);
            world.oracle.returns(call);
            return give(reply);
        } finally {
            frames.remove(frames.size() - 1);
        }
    }

    private static Object give(Reply reply) throws Exception {
        if (reply.thrown instanceof Error error) {
            throw error;
        }
        if (reply.thrown != null) {
            throw (Exception) reply.thrown;
        }
        return reply.value;
    }

    private Call begins(List<Thing> batch, BatchResults<Answer> results) {
        Call call = world.oracle.begins(batch, frames.isEmpty());
        if (results != null) {
            reports.put(call, new Reports(world, call, results));
        }
        return call;
    }

    private Object begin(List<Thing> batch) throws Exception {
        return begin(batch, null);
    }

    private Object begin(List<Thing> batch, BatchResults<Answer> results) throws Exception {
        Call call = begins(batch, results);
        frames.add(Thread.currentThread());
        try {
            during(call, batch);
            if (world.fails(Fault.STAGE_THROWS, 6)) {
                Planted.Failure failure = new Planted.Failure("stage of call " + call.number);
                world.oracle.fails(call, failure, false);
                world.oracle.returns(call);
                return new ThrowingStage<>(failure);
            }
            if (world.fails(Fault.PROCESSOR_RETURNS_NULL, 6)) {
                world.oracle.breaksContract(call);
                world.oracle.returns(call);
                return null;
            }
            if (world.fails(Fault.PROCESSOR_THROWS, 8)) {
                Reply reply = thrown(call, new Planted.Failure("call " + call.number));
                world.oracle.returns(call);
                return give(reply);
            }
            CompletableFuture<Object> future =
                    world.fails(Fault.STAGE_ENDS_TWICE, 2) ? new OddStage<>() : new CompletableFuture<>();
            Stage stage = new Stage(call, future);
            if (world.calm || world.chance(4)) {
                end(stage, false);
            } else if (!world.fails(Fault.STAGE_NEVER_ENDS, 8)) {
                stages.add(stage);
            } else {
                world.log("the stage of call " + call.number + " never ends");
                world.oracle.neverEnding++;
            }
            return future;
        } finally {
            frames.remove(frames.size() - 1);
        }
    }

    /** A call waits though it should have been told: it goes on with what it should not have got. */
    void endJoin() {
        CompletableFuture<Answer> waited = joined;
        if (waited != null) {
            waited.complete(null);
        }
    }

    void endAny() {
        if (!stages.isEmpty() && !reports.isEmpty() && world.chance(2)) {
            reports.get(stages.get(world.random.nextInt(stages.size())).call).some();
        } else if (!stages.isEmpty()) {
            end(stages.remove(world.random.nextInt(stages.size())), true);
        }
    }

    boolean endAll() {
        boolean any = !stages.isEmpty();
        while (!stages.isEmpty()) {
            end(stages.remove(0), true);
        }
        return any;
    }

    private void end(Stage stage, boolean returned) {
        Reply reply = outcome(stage.call);
        world.oracle.returns(stage.call);
        if (reply.thrown == null) {
            stage.future.complete(reply.value);
        } else if (world.chance(2) && reply.thrown instanceof CancellationException) {
            stage.future.completeExceptionally(reply.thrown);
        } else {
            stage.future.completeExceptionally(
                    switch (world.random.nextInt(4)) {
                        case 0 -> new CompletionException(reply.thrown);
                        case 1 -> new ExecutionException(reply.thrown);
                        case 2 -> new CompletionException(new ExecutionException(reply.thrown));
                        default -> reply.thrown;
                    });
        }
        if (returned && !world.settings.has(Fault.LISTENER_REENTERS) && stage.future instanceof OddStage<Object> odd) {
            odd.obtrudeValue(null);
        }
    }

    /** What a processor does while it runs. */
    private void during(Call call, List<Thing> batch) {
        world.userCode("call " + call.number, Fault.PROCESSOR_REENTERS, 3);
        if (world.fails(Fault.REPORTS_LATE, 3)) {
            world.oracle
                    .any(reports.keySet().stream()
                            .filter(other -> !other.running)
                            .toList())
                    .ifPresent(other -> reports.get(other).late());
        }
        if (reports.containsKey(call)) {
            reports.get(call).some();
        }
        if (world.fails(Fault.PROCESSOR_IS_SLOW, 3)) {
            long nanos = (1 + world.random.nextInt(30)) * 500_000L;
            world.log("call " + call.number + " takes " + nanos);
            world.time.advance(Duration.ofNanos(nanos));
            world.oracle.slow(nanos);
        }
        if (world.fails(Fault.PROCESSOR_CHANGES_LIST, 3)) {
            try {
                batch.clear();
            } catch (UnsupportedOperationException expected) {
                // may be
            }
        }
        if (world.fails(Fault.PROCESSOR_JOINS_OWN_ITEM, 4)) {
            joinOwn(call);
        }
        if (world.fails(Fault.PROCESSOR_LEAVES_INTERRUPT, 3)) {
            Thread.currentThread().interrupt();
        }
    }

    private void joinOwn(Call call) {
        int running = world.oracle.running();
        if (world.batcher.options().concurrency() != 1
                || running != 1
                || !world.oracle.oneSlotOnly()
                || world.settings.has(Settings.Ability.ASYNC)
                || world.settings.has(Settings.Ability.COMPLETION_EXECUTOR) // whose tasks this thread would have to run
                || Thread.currentThread().isInterrupted()) {
            return;
        }
        int order = world.oracle.items.size();
        world.callers.submit(Tracked.NEVER);
        if (world.oracle.items.size() == order) {
            return;
        }
        Tracked item = world.oracle.items.get(order);
        if (item.future == null || item.future.isDone() || world.oracle.running() != 1 || !world.oracle.oneSlotOnly()) {
            return;
        }
        world.log("call " + call.number + " joins " + item);
        String rule = "re-entry: a processor that waits for what only its own slot can do is told";
        joined = item.future;
        try {
            if (world.chance(2)) {
                item.future.join();
            } else {
                item.future.get();
            }
            joined(item, rule, "a result");
        } catch (IllegalStateException expected) {
            // as promised
        } catch (Exception other) {
            joined(item, rule, other.toString());
        }
    }

    private void joined(Tracked item, String rule, String end) {
        // a listener may have allowed more meanwhile, or a forced stop has ended the item
        if (world.oracle.oneSlotOnly() && !world.oracle.forced(item)) {
            world.broken(rule, "it got " + end);
        }
    }

    private Reply reply(Call call, List<Thing> batch) {
        during(call, batch);
        return outcome(call);
    }

    private Reply outcome(Call call) {
        boolean async = world.settings.has(Settings.Ability.ASYNC);
        boolean poisoned = call.items.stream().anyMatch(item -> item.poison);
        if (poisoned) {
            return thrown(call, new Planted.Failure("poison in call " + call.number));
        }
        if (world.fails(Fault.PROCESSOR_THROWS, 8)) {
            return thrown(call, new Planted.Failure("call " + call.number));
        }
        if (world.fails(Fault.PROCESSOR_THROWS_ERROR, 8)) {
            return thrown(call, world.chance(2) ? new StackOverflowError() : new Planted.Fatal("call " + call.number));
        }
        if (world.fails(Fault.PROCESSOR_IS_CANCELLED, 8)) {
            CancellationException cancelled = new CancellationException("call " + call.number);
            world.log("call " + call.number + " is cancelled");
            world.oracle.aborts(call, cancelled);
            return new Reply(null, cancelled);
        }
        if (world.fails(Fault.PROCESSOR_LETS_OUT_BATCHER_EXCEPTION, 8)) {
            world.log("call " + call.number + " lets out a failure of another batcher");
            Throwable foreign = Foreign.failure();
            world.oracle.aborts(call, foreign);
            return new Reply(null, foreign);
        }
        if (world.fails(Fault.PROCESSOR_IS_RATE_LIMITED, 6)) {
            long after = (world.random.nextInt(15) - 2) * 1_000_000L;
            world.log("call " + call.number + " is told to slow down for " + after);
            world.oracle.rateLimited(call, after);
            return new Reply(null, new RateLimitedException(Duration.ofNanos(after)));
        }
        if (!async
                && world.fails(Fault.PROCESSOR_RETURNS_NULL, 8)
                && world.settings.shape() != Settings.Shape.CONSUMING
                && world.settings.shape() != Settings.Shape.STREAMING) {
            world.oracle.breaksContract(call);
            return new Reply(null, null);
        }
        return results(call);
    }

    private Reply thrown(Call call, Throwable failure) {
        world.log("call " + call.number + " throws " + failure);
        world.oracle.fails(call, failure, true);
        return new Reply(null, failure);
    }

    private Reply results(Call call) {
        Settings.Shape shape = world.settings.shape();
        if (shape == Settings.Shape.OUTCOMES) {
            return outcomes(call);
        }
        if (shape == Settings.Shape.STREAMING) {
            boolean all = reports.get(call).rest();
            world.log("call " + call.number + " returns" + (all ? "" : " and has forgotten an item"));
            world.oracle.breaksContract(call); // where one is left
            return new Reply(NOTHING, null);
        }
        List<Answer> answers = new ArrayList<>();
        for (Tracked item : call.items) {
            answers.add(shape == Settings.Shape.CONSUMING || world.chance(10) ? null : new Answer(item, call.number));
        }
        if (shape == Settings.Shape.CONSUMING) {
            world.oracle.answers(call, answers);
            return new Reply(NOTHING, null);
        }
        if (shape == Settings.Shape.KEYED) {
            if (world.settings.has(Fault.ITEMS_THROW)) {
                IdentityHashMap<Thing, Answer> map = new IdentityHashMap<>();
                for (int i = 0; i < answers.size(); i++) {
                    map.put(call.items.get(i).thing, answers.get(i));
                }
                world.oracle.answers(call, answers);
                return new Reply(map, null);
            }
            Map<Integer, Answer> byKind = new HashMap<>();
            Map<Thing, Answer> map = new LinkedHashMap<>();
            for (int i = 0; i < answers.size(); i++) {
                Tracked item = call.items.get(i);
                if (byKind.containsKey(item.kind)) {
                    answers.set(i, byKind.get(item.kind));
                } else {
                    byKind.put(item.kind, answers.get(i));
                    if (answers.get(i) != null) {
                        map.put(item.thing, answers.get(i));
                    }
                }
            }
            world.oracle.answers(call, answers);
            return new Reply(map, null);
        }
        if (world.fails(Fault.PROCESSOR_RETURNS_WRONG_NUMBER, 6)) {
            world.log("call " + call.number + " returns a wrong number");
            world.oracle.breaksContract(call);
            if (world.chance(2)) {
                answers.remove(0);
            } else {
                answers.add(null);
            }
            return new Reply(answers, null);
        }
        if (world.fails(Fault.PROCESSOR_RETURNS_BROKEN_LIST, 6)) {
            world.log("call " + call.number + " returns a list that throws");
            Planted.Failure failure = new Planted.Failure("list of call " + call.number);
            world.oracle.fails(call, failure, false);
            return new Reply(broken(answers.size(), failure), null);
        }
        world.log("call " + call.number + " returns");
        world.oracle.answers(call, answers);
        return new Reply(answers, null);
    }

    private static List<Answer> broken(int size, RuntimeException failure) {
        return new AbstractList<>() {
            @Override
            public Answer get(int index) {
                throw failure;
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private Reply outcomes(Call call) {
        List<Outcome<Answer>> outcomes = new ArrayList<>();
        boolean wrongNumber = world.fails(Fault.PROCESSOR_RETURNS_WRONG_NUMBER, 8);
        if (wrongNumber || world.fails(Fault.OUTCOMES_NULL, 8)) {
            world.log("call " + call.number + " breaks its contract");
            for (Tracked item : call.items) {
                outcomes.add(Outcome.success(new Answer(item, call.number)));
            }
            if (wrongNumber) {
                outcomes.remove(0);
            } else {
                outcomes.set(world.random.nextInt(outcomes.size()), null);
            }
            world.oracle.breaksContract(call);
            return new Reply(outcomes, null);
        }
        StringBuilder said = new StringBuilder();
        for (Tracked item : call.items) {
            if (world.fails(Fault.OUTCOMES_FAIL, 4)) {
                Planted.Failure failure = new Planted.Failure("outcome of item " + item.order);
                outcomes.add(Outcome.failure(failure));
                world.oracle.ends(call, item, new Ending(Ending.Kind.FAILURE, failure));
                said.append(" failure");
            } else if (world.fails(Fault.OUTCOMES_RETRY, 3)) {
                Planted.Failure failure = new Planted.Failure("retry of item " + item.order);
                long after = world.chance(2) ? 0 : (1 + world.random.nextInt(12)) * 1_000_000L;
                outcomes.add(
                        after == 0 && world.chance(2)
                                ? Outcome.retry(failure)
                                : Outcome.retry(failure, Duration.ofNanos(after)));
                world.oracle.retries(call, item, failure, after);
                said.append(" retry after ").append(after);
            } else {
                Answer answer = world.chance(10) ? null : new Answer(item, call.number);
                outcomes.add(Outcome.success(answer));
                world.oracle.ends(call, item, new Ending(Ending.Kind.ANSWER, answer));
                said.append(" success");
            }
        }
        world.log("call " + call.number + " returns" + said);
        return new Reply(outcomes, null);
    }

    /** Whether a failure is some item's fault. */
    boolean isolates(Throwable failure) {
        world.userCode("the predicate of isolateFailures");
        if (world.fails(Fault.PREDICATE_THROWS, 4)) {
            Planted.Failure thrown = new Planted.Failure("predicate");
            world.oracle.predicateThrew(failure, thrown);
            throw thrown;
        }
        return isolated(failure);
    }

    static boolean isolated(Throwable failure) {
        return failure instanceof Planted.Failure && failure.getMessage().startsWith("poison");
    }

    void forget() {
        stages.clear();
        reports.clear();
    }
}
