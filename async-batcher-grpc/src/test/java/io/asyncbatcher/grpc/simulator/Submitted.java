package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.grpc.RemoteBatchException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An item that a client was given: what has happened to it, and what may. */
final class Submitted {

    /** The worker is told how long the caller waits in microseconds, so that it may give up so much earlier. */
    private static final long EARLY_NANOS = 1_000;

    final int client;
    final int number;
    final String key;
    final Nature nature;
    final String text;
    private final long submittedNanos;
    private final long timeoutNanos;

    private @Nullable CompletableFuture<String> future;

    /** Its place in the order of submission. */
    int turn;

    int seen;
    boolean leftByCaller;
    private boolean told;
    private boolean toldNotRun;

    Submitted(int client, int number, String key, Nature nature, long submittedNanos, long timeoutNanos) {
        this.client = client;
        this.number = number;
        this.key = client + "/" + key;
        this.nature = nature;
        this.text = client + "/" + number + "/" + key + "/" + nature;
        this.submittedNanos = submittedNanos;
        this.timeoutNanos = timeoutNanos;
    }

    /** The key that is in an item's text. */
    static String keyOf(String text) {
        return text.replaceFirst(".*/(k.)/.*", "$1");
    }

    CompletableFuture<String> future() {
        return Objects.requireNonNull(future);
    }

    void future(CompletableFuture<String> given) {
        future = given;
    }

    boolean isOpen() {
        return future != null && !future.isDone();
    }

    /** The future has ended; whether as it may. */
    void settled(@Nullable String result, @Nullable Throwable failure, long now) {
        Violation.unless(!told, "settled twice", this);
        told = true;
        if (leftByCaller) {
            return;
        }
        if (failure == null) {
            Violation.unless(Objects.equals(result, Nature.resultOf(text)), "own result", this + " got " + result);
            Violation.unless(seen > 0, "no result without a run", this);
        } else if (failure instanceof BatcherException said) {
            toldNotRun = !said.mayHaveRun();
            Violation.unless(
                    !(said instanceof ItemExpiredException) || isOver(now + EARLY_NANOS), "not before its time", this);
        } else if (failure instanceof RemoteBatchException said) {
            toldNotRun = !said.mayHaveRun();
        } else {
            Violation.unless(!(failure instanceof CancellationException), "nobody cancelled", this);
            boolean codec = nature == Nature.UNWRITABLE_ITEM || nature == Nature.UNREADABLE_RESULT;
            Violation.unless(
                    codec && failure instanceof IllegalArgumentException, "known failure", this + " " + failure);
        }
    }

    /** What must hold at any time. */
    void check(long now) {
        Violation.unless(!toldNotRun || seen == 0, "mayHaveRun", this + " was said not to have run");
        Violation.unless(future == null || !isOver(now) || !isOpen(), "settled in time", this);
        Violation.unless(future == null || isOpen() || told, "continuations run", this);
    }

    private boolean isOver(long now) {
        return now - submittedNanos >= timeoutNanos;
    }

    @Override
    public String toString() {
        return text + " (timeout " + timeoutNanos / 1_000_000 + " ms, seen " + seen + ")";
    }
}
