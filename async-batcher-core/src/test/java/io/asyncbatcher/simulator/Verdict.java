package io.asyncbatcher.simulator;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.RejectionReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** How an item may end: with its own result, or with a failure that there is a reason for. */
final class Verdict {

    private final Oracle oracle;
    private final World world;
    private final Map<RejectionReason, Integer> rejections = new EnumMap<>(RejectionReason.class);

    Verdict(Oracle oracle) {
        this.oracle = oracle;
        world = oracle.world;
    }

    static Throwable failure(CompletableFuture<?> future) {
        return future.isDone()
                ? future.<Throwable>handle((value, failure) -> failure).join()
                : null;
    }

    /** {@code process} has returned a future that has failed, and no processor was called with the item. */
    void submittedAndDone(Tracked item, long timeout, Throwable failure, BatcherSnapshot before, boolean undisturbed) {
        item.failure = failure;
        if (failure instanceof QueueFullException) {
            rejected(item, RejectionReason.FULL);
            int limit = oracle.options().maxQueueSize();
            world.check(
                    before == null || !undisturbed || (limit >= 0 && before.queued() >= limit),
                    "QueueFullException: the queue is full",
                    () -> "item " + item + " is refused by a queue of " + before.queued());
        } else if (failure instanceof ItemTooHeavyException) {
            rejected(item, RejectionReason.TOO_HEAVY);
            world.check(
                    before == null
                            || !undisturbed
                            || (oracle.options().maxBatchWeight() >= 0
                                    && item.weight > oracle.options().maxBatchWeight()),
                    "ItemTooHeavyException: heavier than maxBatchWeight",
                    () -> "item " + item + " weighs " + item.weight);
        } else if (failure instanceof BatcherStoppedException
                && (before == null || !undisturbed || !before.running())) {
            // Nested, it may have been accepted, and ended by a stop within the same call.
            if (before != null && undisturbed) {
                rejected(item, RejectionReason.STOPPED);
            } else if (item.heard > 0) {
                item.accepted = true;
                settled(item, null, failure);
                return;
            } else {
                item.rejected = true;
                item.settled = true;
                item.unclear = true;
            }
        } else if (failure instanceof ItemExpiredException && timeout <= 0) {
            item.rejected = true;
            item.settled = true;
        } else if (failure instanceof ItemExpiredException shed && isShed(shed) && item.heard == 0) {
            String because = becauseShed(item);
            world.check(because == null, "shedLoad: for a reason", () -> "item " + item + " is shed, but " + because);
            if (before != null && undisturbed && world.settings.has(Settings.Ability.LISTENER)) {
                rejected(item, RejectionReason.SHED);
            } else { // it may have been accepted, and shed within the same call
                item.rejected = true;
                item.settled = true;
                item.unclear = true;
            }
        } else if (item.blamed.contains(failure)
                || (!item.blamed.isEmpty() && item.blamed.contains(null))
                || item.weight < 0
                || item.level < 0
                || item.level > 9) {
            item.rejected = true;
            item.settled = true;
            world.check(
                    !(failure instanceof BatcherException),
                    "functions of the item fail it alone",
                    () -> "item " + item + " fails with " + failure);
        } else {
            item.accepted = true;
            settled(item, null, failure);
            return;
        }
        mayHaveRun(item, failure);
    }

    int rejections(RejectionReason reason) {
        return rejections.getOrDefault(reason, 0);
    }

    private void rejected(Tracked item, RejectionReason reason) {
        item.rejected = true;
        item.settled = true;
        rejections.merge(reason, 1, Integer::sum);
        world.log("item " + item + " is refused: " + reason);
    }

    /** Looks at futures whose settlement nobody was told of. */
    void poll() {
        for (Tracked item : oracle.items) {
            if (item.accepted && !item.settled && item.future != null && item.future.isDone()) {
                Throwable failure = failure(item.future);
                settled(item, failure == null ? item.future.join() : null, failure);
            }
        }
    }

    void settled(Tracked item, Answer value, Throwable failure) {
        if (item.settled || item.rejected || (!item.accepted && !item.called && failure != null)) {
            return; // rejected: the answer of process says so
        }
        item.settled = true;
        item.settledTick = Math.min(item.settledTick, ++world.tick);
        item.value = value;
        item.failure = failure;
        world.log("item " + item + " is settled: " + (failure == null ? "a result" : failure.toString()));
        String wrong = item.endedByCaller() ? null : wrong(item, value, failure);
        if (wrong != null) {
            world.broken("2: every item ends with its own result or for a reason", "item " + item + " " + wrong);
        }
    }

    /** Why it must not end so; null = it may. */
    private String wrong(Tracked item, Answer value, Throwable failure) {
        if (failure == null) {
            return endsWith(item, Ending.Kind.ANSWER, value) ? null : "gets " + value;
        }
        if (failure instanceof BatcherException own) {
            mayHaveRun(item, own);
            String because = because(item, own);
            return because == null ? null : "fails with " + own + ", but " + because;
        }
        if (endsWith(item, Ending.Kind.FAILURE, failure) || item.blamed.contains(failure)) {
            return null;
        }
        return world.tasks.thrown.contains(failure) ? null : "fails with " + failure;
    }

    private String because(Tracked item, BatcherException own) {
        if (own instanceof ItemExpiredException expired) {
            if (isShed(expired)) {
                return becauseShed(item);
            }
            return world.now() >= item.deadline ? null : "its time is not over";
        }
        if (item.reportedInTime) {
            return "it was reported before";
        }
        if (own instanceof BatcherStoppedException) {
            if (!oracle.forced(item)) {
                return "no stop was forced";
            }
            return item.call == null || !exact(item) ? null : "it is in a call";
        }
        if (own instanceof BatchResultException) {
            return endsWith(item, Ending.Kind.CONTRACT, null) ? null : "nobody broke the contract";
        }
        if (own instanceof BatchAbortedException) {
            for (Throwable cause = own.getCause(); cause != null; cause = cause.getCause()) {
                if (world.tasks.thrown.contains(cause) || endsWith(item, Ending.Kind.ABORTED, cause)) {
                    return null;
                }
            }
            if (oracle.forced(item) && own.mayHaveRun()) {
                return null;
            }
            return timedOut(item) ? null : "neither a forced stop nor batchTimeout was there";
        }
        if (own instanceof ItemTooHeavyException) {
            boolean lowered = oracle.versions.stream()
                    .mapToLong(BatcherOptions::maxBatchWeight)
                    .anyMatch(limit -> limit >= 0 && limit < item.weight);
            return lowered ? null : "no limit was lowered below its weight";
        }
        return "it was accepted";
    }

    private static boolean isShed(ItemExpiredException expired) {
        return expired.getMessage().contains("can't be expected to be done");
    }

    /** Why it must not be shed; null = it may. */
    private String becauseShed(Tracked item) {
        if (!oracle.everShed) {
            return "shedLoad was never on";
        }
        if (item.deadline == Tracked.NEVER) {
            return "it has no timeout";
        }
        return oracle.calls.stream().filter(call -> !call.running).count() < 3 ? "nothing is known yet" : null;
    }

    /** Until when it may have to wait: for itself, or for an equal one that it was merged with. */
    long readyAt(Tracked item) {
        long latest = item.readyAt;
        for (Tracked equal : oracle.items) {
            latest = equal.kind == item.kind && !exact(item) ? Math.max(latest, equal.readyAt) : latest;
        }
        // A delay begins when listeners have heard of the call's end.
        return latest > 0 && world.settings.has(Fault.LISTENER_REENTERS) ? latest + 100_000_000 : latest;
    }

    boolean timedOut(Tracked item) {
        long since = item.call != null && exact(item)
                ? (item.call.task == null
                                || world.settings.has(Fault.OFFLOADED_LATE)
                                || world.settings.has(Fault.CONTINUATION_REENTERS)
                                || world.settings.has(Fault.LISTENER_REENTERS)
                                || world.settings.executor() != Settings.When.BY_HAND // bound before others ran
                        ? item.submitted
                        : item.call.task.time)
                : item.submitted;
        for (BatcherOptions options : oracle.versions) {
            if (options.batchTimeout() != null
                    && world.now() - since >= options.batchTimeout().toNanos()) {
                return true;
            }
        }
        return false;
    }

    /** No other item may have taken its place in a call. */
    boolean exact(Tracked item) {
        if (!oracle.everDeduplicated) {
            return true;
        }
        for (Tracked other : oracle.items) {
            if (other != item && other.kind == item.kind) {
                return false;
            }
        }
        return true;
    }

    /** A processor was called with it, or with an item that stood for it. */
    boolean hasRun(Tracked item) {
        return item.called
                || (!exact(item) && oracle.items.stream().anyMatch(equal -> equal.kind == item.kind && equal.called));
    }

    private boolean endsWith(Tracked item, Ending.Kind kind, Object what) {
        if (any(item.endings, kind, what)) {
            return true;
        }
        if (exact(item)) {
            return false;
        }
        for (Tracked equal : oracle.items) {
            if (equal.kind == item.kind && any(equal.history, kind, what)) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(List<Ending> endings, Ending.Kind kind, Object what) {
        for (Ending ending : endings) {
            if (ending.kind() == kind && ending.what() == what) {
                return true;
            }
        }
        return false;
    }

    private void mayHaveRun(Tracked item, Throwable failure) {
        if (failure instanceof BatcherException own) {
            boolean may = own.mayHaveRun();
            boolean soon = may && !item.called;
            // One that can't be compared is left out of the call when its batch has begun.
            item.aboutToRun = soon && !(oracle.everDeduplicated && world.settings.has(Fault.ITEMS_THROW));
            boolean right = may == item.called || soon || (!may && !exact(item));
            world.check(
                    right,
                    "mayHaveRun is true if a processor was called with the item, and only then",
                    () -> "item " + item + " fails with " + own.getClass().getSimpleName() + ", mayHaveRun " + may);
        }
    }

    /** What listeners heard of an item against what its future says. */
    void heard(Tracked item) {
        if (world.settings.has(Fault.LISTENER_REENTERS)) {
            return; // what they do may end an item otherwise after they heard of it
        }
        if (item.heard == 0 || item.heardBeforeCaller || !item.settled) {
            return;
        }
        ItemOutcome expected = item.endedByCaller()
                ? ItemOutcome.CANCELLED
                : item.failure == null
                        ? ItemOutcome.SUCCESS
                        : item.failure instanceof ItemExpiredException
                                ? ItemOutcome.EXPIRED
                                : item.failure instanceof BatcherStoppedException
                                        ? ItemOutcome.ABORTED
                                        : item.failure instanceof BatchAbortedException
                                                ? ItemOutcome.ABORTED
                                                : ItemOutcome.FAILURE;
        world.check(
                item.outcome == expected,
                "listeners hear how an item ended",
                () -> "of item " + item + " they heard " + item.outcome + ", not " + expected);
    }

    /** What the future of all says against what its members did. */
    void together(Together group) {
        if (group.cancelled || !group.future.isDone()) {
            return;
        }
        Throwable failure = failure(group.future);
        if (failure != null) {
            return; // whose it is can't be told
        }
        List<Answer> answers = new ArrayList<>(group.future.join());
        world.check(
                answers.size() == group.members.size(), "processAll: one result an item", () -> answers.size() + "");
        for (int i = 0; i < Math.min(answers.size(), group.members.size()); i++) {
            Tracked member = group.members.get(i);
            Answer answer = answers.get(i);
            if (!endsWith(member, Ending.Kind.ANSWER, answer)) {
                world.broken("processAll: results in the items' order", "item " + member + " gets " + answer);
            }
        }
    }
}
