package io.asyncbatcher.simulator;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What a call of the processor may look like. */
final class CallRules {

    private final Oracle oracle;
    private final World world;

    CallRules(Oracle oracle) {
        this.oracle = oracle;
        world = oracle.world;
    }

    void check(Call call, boolean outermost) {
        List<Tracked> items = call.items;
        world.check(!items.isEmpty(), "no empty batch is dispatched", () -> "a call without items");
        world.check(
                new HashSet<>(items).size() == items.size(),
                "1: an item is in a batch once",
                () -> "a call has an item twice");
        world.check(
                !outermost
                        || world.settings.has(Fault.LISTENER_REENTERS) // which may have interrupted it by right
                        || !Thread.currentThread().isInterrupted(),
                "an interrupt never reaches the next batch",
                () -> "the flag is set when call " + call.number + " begins");
        world.check(
                world.tasks.any()
                        || world.settings.executor() != Settings.When.BY_HAND
                        || (!world.batcher.isRunning()
                                && world.tasks.hasRejected()), // then on the batcher's own threads
                "processors run on the executor",
                () -> "call " + call.number + " does not");
        int since = call.task == null || call.half ? 0 : call.task.version;
        size(call, since);
        partition(call);
        boolean goesOn = call.task == null || (call.half && call.task.first != null);
        rate(call, goesOn ? oracle.versionOfEvent : call.task.version);
        slots(call, since);
        task(call);
        for (Tracked item : items) {
            item(item);
        }
    }

    /** The greatest limit that may have been in force when the batch was bound; -1 = none. */
    private long most(int since, ToLongFunction<BatcherOptions> limit) {
        long most = 0;
        for (BatcherOptions options : oracle.versions.subList(since, oracle.versions.size())) {
            long value = limit.applyAsLong(options);
            if (value < 0) {
                return -1;
            }
            most = Math.max(most, value);
        }
        return most;
    }

    int mostItems(int since) {
        return (int) most(since, BatcherOptions::maxBatchSize);
    }

    private void size(Call call, int since) {
        int size = mostItems(since);
        world.check(
                size < 0 || call.items.size() <= size,
                "a batch is within maxBatchSize",
                () -> call.items.size() + " items");
        if (world.settings.has(Settings.Ability.WEIGHS)) {
            long weight = most(since, BatcherOptions::maxBatchWeight);
            long sum = call.items.stream().mapToLong(item -> item.weight).sum();
            world.check(
                    weight < 0 || sum <= weight || call.items.size() == 1,
                    "a batch is within maxBatchWeight",
                    () -> "it weighs " + sum);
        }
        boolean deduplicates =
                oracle.versions.subList(since, oracle.versions.size()).stream().allMatch(BatcherOptions::deduplicate);
        if (deduplicates && call.task != null && !world.settings.has(Fault.ITEMS_THROW)) {
            Set<Integer> kinds = new HashSet<>();
            call.items.forEach(item -> kinds.add(item.kind));
            world.check(
                    kinds.size() == call.items.size(),
                    "deduplicate: equal items reach the processor once",
                    () -> "they don't in " + call.items);
        }
    }

    private void partition(Call call) {
        Tracked before = null;
        for (Tracked item : call.items) {
            if (before != null) {
                Tracked last = before;
                world.check(
                        mayPrecede(before, item, call),
                        "5: order of submission, or of priority",
                        () -> "item " + item + " comes after " + last);
                world.check(
                        before.partition == item.partition,
                        "partitions share no batch",
                        () -> "items " + call.items + " do");
            }
            before = item;
        }
        if (call.task == null
                || call.task.first != null
                || world.settings.executor() != Settings.When.BY_HAND
                || world.settings.has(Fault.OFFLOADED_LATE)) {
            return;
        }
        for (Call other : oracle.calls) {
            if (other.task == null || other.task.first != other || other.items.get(0).partition != before.partition) {
                continue;
            }
            if (other.task.event == call.task.event && reenters()) {
                continue; // what is handed over by user code may be handed over before what was bound first
            }
            boolean earlier = other.task.number < call.task.number;
            inTurn(earlier ? other : call, earlier ? call : other);
        }
    }

    private boolean reenters() {
        return world.settings.has(Fault.CONTINUATION_REENTERS)
                || world.settings.has(Fault.LISTENER_REENTERS)
                || world.settings.has(Fault.PROCESSOR_REENTERS)
                || world.settings.has(Fault.WEIGHER_REENTERS)
                || world.settings.has(Fault.PARTITIONER_REENTERS)
                || world.settings.has(Fault.PRIORITIZER_REENTERS);
    }

    /** A later batch has no item that was there before one of the earlier batch, unless it comes again. */
    private void inTurn(Call earlier, Call later) {
        for (Tracked passed : later.items) {
            if (!later.firstTime(passed) || !oracle.verdict().exact(passed)) {
                continue;
            }
            for (Tracked item : earlier.items) {
                boolean wasThere = passed.acceptedTick < earlier.task.tick && passed.acceptedTick > 0;
                world.check(
                        mayPrecede(item, passed, earlier)
                                || (world.settings.has(Settings.Ability.PRIORITIES) && !wasThere),
                        "5: first in, first out, or by priority",
                        () -> "item " + item + " has passed item " + passed + " by");
            }
        }
    }

    /** Whether an item may be taken before another that was queued, too, when the batch of a call was bound. */
    private boolean mayPrecede(Tracked first, Tracked second, Call call) {
        if (first.disturbed || second.disturbed) {
            return true;
        }
        if (!world.settings.has(Settings.Ability.PRIORITIES)) {
            return first.order < second.order;
        }
        if (call.task == null
                || first.delay > 0
                || second.delay > 0
                || reenters()
                || world.settings.executor() != Settings.When.BY_HAND
                || world.settings.has(Fault.OFFLOADED_LATE)
                || call.half) {
            return true; // when it was bound isn't known
        }
        for (BatcherOptions options : oracle.versions) {
            long ageing = options.priorityAgeing().toNanos();
            long one = reached(first, call.task.time, ageing);
            long two = reached(second, call.task.time, ageing);
            if (one > two || (one == two && first.order < second.order)) {
                return true;
            }
        }
        return false;
    }

    /** By waiting; at level 9 nobody who comes later goes first, so none starves. */
    private static long reached(Tracked item, long now, long ageing) {
        return Math.min(9, item.level + Math.max(0, now - item.submitted) / ageing);
    }

    private void rate(Call call, int since) {
        long now = world.now();
        world.check(
                now >= oracle.slowUntil
                        || world.settings.has(Fault.OFFLOADED_LATE)
                        || world.settings.has(Fault.LISTENER_REENTERS) // which may have ended the call otherwise
                        || (call.task == null ? oracle.event : call.task.event) <= oracle.slowEvent,
                "no batch starts before retryAfter is over",
                () -> "call " + call.number + " does, " + (oracle.slowUntil - now) + " ns before");
        long batches = 0;
        long per = Long.MAX_VALUE;
        for (BatcherOptions options : oracle.versions.subList(since, oracle.versions.size())) {
            RateLimit limit = options.rateLimit();
            if (limit == null) {
                return;
            }
            batches = Math.max(batches, limit.batches());
            per = Math.min(per, limit.per().toNanos());
        }
        boolean boundEarlier =
                world.settings.has(Fault.OFFLOADED_LATE) || world.settings.executor() != Settings.When.BY_HAND;
        if (boundEarlier && oracle.rateTick > 0) {
            return; // bound under another limit
        }
        int within = 0;
        for (Call other : oracle.calls) {
            boolean counts = other.task == null ? oracle.rateTick == 0 : other.task.tick > oracle.rateTick;
            if (counts && now - other.begun < per) {
                within++;
            }
        }
        int count = within;
        long bound = batches;
        world.check(
                within < batches,
                "rateLimit: at most so many calls in any sliding window",
                () -> "call " + call.number + " is one more than " + count + " of " + bound);
    }

    private void slots(Call call, int since) {
        long limit = most(since, BatcherOptions::concurrency);
        int running = oracle.running();
        world.check(
                limit < 0 || running < limit,
                "4: concurrency bounds running processors",
                () -> "call " + call.number + " begins while " + running + " run");
    }

    private void task(Call call) {
        if (call.task == null || call.half) {
            return;
        }
        Duration longest = Duration.ZERO;
        for (BatcherOptions options : oracle.versions.subList(call.task.version, oracle.versions.size())) {
            if (options.batchTimeout() == null) {
                return;
            }
            longest = longest.compareTo(options.batchTimeout()) > 0 ? longest : options.batchTimeout();
        }
        long over = call.task.runTime - call.task.time - longest.toNanos();
        world.check(
                call.task.first != null || over < 0,
                "batchTimeout: a batch that didn't begin in time never begins",
                () -> "call " + call.number + " begins " + over + " ns after");
    }

    /** One more call of a batch that was halved: not too many for the items at fault. */
    void halves(Call first) {
        if (first == null) {
            return;
        }
        first.more++;
        int rounds = Integer.SIZE - Integer.numberOfLeadingZeros(first.items.size() - 1); // log2, rounded up
        long faulty = first.items.stream().filter(item -> item.poison).count();
        boolean again = world.settings.has(Fault.EXECUTOR_REJECTS)
                || world.settings.has(Fault.EXECUTOR_THROWS)
                || oracle.versions.stream().anyMatch(options -> options.batchTimeout() != null)
                || first.items.stream().anyMatch(item -> item.requeued || item.batch != first);
        world.check(
                oracle.everDeduplicated || again || first.more <= 2 * faulty * rounds,
                "isolateFailures: at most 2 ⌈log2 n⌉ more calls for each item at fault",
                () -> first.more + " more calls of " + first.items);
    }

    private void item(Tracked item) {
        world.check(!item.rejected, "a refused item is never run", () -> "item " + item + " is in a call");
        world.check(
                item.future == null || !item.future.isDone() || item.settledTick > world.tasks.runTick(),
                "6: a cancelled or expired item is never dispatched",
                () -> "item " + item + " is settled and in a call");
        world.check(
                item.deadline == Tracked.NEVER
                        || (item.future == null && item.group == null) // process has not returned
                        || item.deadline + item.delay > world.tasks.runTime()
                        || !world.tasks.any() // rejected by the executor: when it began isn't known
                        || world.jumped,
                "6: a cancelled or expired item is never dispatched",
                () -> "item " + item + " has expired and is in a call");
        world.check(item.call == null, "1: an item is in one call at a time", () -> "item " + item + " is in two");
        world.check(
                item.endings.isEmpty() || item.requeued || item.halving,
                "1: an item that has ended is run no more",
                () -> "item " + item + " has ended in an earlier call");
        world.check(
                !item.called || item.requeued || item.halving,
                "an item runs again for a reason",
                () -> "item " + item + " runs again");
        world.check(
                world.now() >= item.readyAt,
                "retry: a delay is kept",
                () -> "item " + item + " comes " + (item.readyAt - world.now()) + " ns early");
    }
}
