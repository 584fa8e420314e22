package io.asyncbatcher.simulator;

import io.asyncbatcher.ItemOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the oracle knows of one submitted item. */
final class Tracked {

    static final long NEVER = Long.MAX_VALUE;

    final int order;
    final int kind;
    final int partition;
    final long weight;
    final int level;
    final boolean poison;
    final long submitted;
    final long deadline;
    final int tick;
    /** What its functions have thrown: it alone may fail with that. */
    final List<Throwable> blamed = new ArrayList<>();

    Thing thing;
    /** Null for a member of a group. */
    CompletableFuture<Answer> future;

    Together group;
    /** What happens to the answer of {@code process}: rejected at once, or accepted. */
    boolean accepted;

    boolean rejected;
    /** The processor was called with it. */
    boolean called;

    int tries;
    long readyAt;
    /** The call that it is in now, or whose outcome has not come yet. */
    Call call;
    /** Its call has failed, and smaller ones will follow. */
    boolean halving;
    /** It is queued again by a retry or a rate limit. */
    boolean requeued;

    boolean flushed;
    /** Whether it was accepted can't be told. */
    boolean unclear;

    /** Something else has happened while it was being submitted: who came first is open. */
    boolean disturbed;
    /** When its submission was over, and how long it took. */
    int acceptedTick;

    long delay;

    /** How its last call ended for it, if that ends it. */
    List<Ending> endings = List.of();

    /** When it was settled, or ended by its caller. */
    int settledTick = Integer.MAX_VALUE;

    /** The first call of the batch that it is in. */
    Call batch;
    /** Its failure says that it may have run, and the call must be about to come. */
    boolean aboutToRun;

    /** A streaming call has reported it, and has thereby ended for it. */
    boolean reported;
    /** The batch had not been given up by then, so that nothing but its caller or its own timeout may end it otherwise. */
    boolean reportedInTime;

    /** How all its calls ended for it, and so for those that it stood for. */
    final List<Ending> history = new ArrayList<>();

    /** Ends by its caller that are under way, and those that were the first. */
    int callersEnds;

    int callersWins;
    boolean heardBeforeCaller;
    int heard;
    ItemOutcome outcome;
    boolean settled;
    Answer value;
    Throwable failure;

    Tracked(
            int order,
            int kind,
            int partition,
            long weight,
            int level,
            boolean poison,
            long submitted,
            long deadline,
            int tick) {
        this.order = order;
        this.kind = kind;
        this.partition = partition;
        this.weight = weight;
        this.level = level;
        this.poison = poison;
        this.submitted = submitted;
        this.deadline = deadline;
        this.tick = tick;
    }

    /** The future is not done, or nothing was heard of its settlement where there is none. */
    boolean open() {
        return accepted && !settled && (future != null ? !future.isDone() : group == null || heard == 0);
    }

    boolean endedByCaller() {
        return callersEnds + callersWins > 0;
    }

    RuntimeException blame(String what) {
        RuntimeException failure = new Planted.Failure(what + " of item " + order);
        blamed.add(failure);
        return failure;
    }

    @Override
    public String toString() {
        return String.valueOf(order);
    }
}
