package io.asyncbatcher.grpc;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.grpc.wire.Failure;
import io.grpc.Status;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Failures on the wire: what the worker says of its own, and the words in which the client's callers hear them. */
final class Failures {

    /** Enough to tell what happened, and little beside a frame. */
    private static final int MAX_TEXT = 1000;

    /** Statuses of a stream that another try doesn't change: the worker rejects this client. */
    private static final Set<Status.Code> REJECTIONS = EnumSet.of(
            Status.Code.NOT_FOUND,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.UNIMPLEMENTED);

    private Failures() {}

    static boolean isRefusal(Status end) {
        return REJECTIONS.contains(end.getCode());
    }

    /**
     * What a worker says of the end of an item.
     *
     * @param texts whether the message of the processor's own failure is told, too
     */
    static Failure toWire(Throwable thrown, boolean texts) {
        Throwable failure = peel(thrown);
        if (failure instanceof BatcherException batcher) {
            return Failure.newBuilder()
                    .setKind(kind(batcher))
                    .setMayHaveRun(batcher.mayHaveRun())
                    .setMessage(shortened(text(batcher)))
                    .build();
        }
        Failure.Builder said = Failure.newBuilder()
                .setKind(Failure.Kind.PROCESSOR)
                .setMayHaveRun(true)
                .setClassName(shortened(failure.getClass().getName()));
        if (texts) {
            said.setMessage(shortened(text(failure)));
        }
        return said.build();
    }

    /** The worker can't read the payload, or the result is nothing that a frame can carry. */
    static Failure unreadable(String what, Throwable codec, boolean mayHaveRun) {
        return Failure.newBuilder()
                .setKind(Failure.Kind.UNREADABLE)
                .setMayHaveRun(mayHaveRun)
                .setClassName(shortened(codec.getClass().getName()))
                .setMessage(what)
                .build();
    }

    static Failure of(Failure.Kind kind, boolean mayHaveRun, String message) {
        return Failure.newBuilder()
                .setKind(kind)
                .setMayHaveRun(mayHaveRun)
                .setMessage(message)
                .build();
    }

    /**
     * What the client's caller hears.
     *
     * @param ranBefore whether an earlier try may have run, at a worker that was lost
     */
    static RuntimeException fromWire(String batcher, Failure said, boolean ranBefore) {
        boolean ran = said.getMayHaveRun() || ranBefore;
        String text = "At the worker of batcher '" + batcher + "': " + said.getMessage();
        return switch (said.getKind()) {
            case QUEUE_FULL -> ranBefore ? new BatchAbortedException(text, null, true) : new QueueFullException(text);
            case EXPIRED -> new ItemExpiredException(text, ran);
            case STOPPED, NOT_ACCEPTED -> new BatcherStoppedException(text, ran);
            case TOO_HEAVY -> new ItemTooHeavyException(text, ran);
            case ABORTED -> new BatchAbortedException(text, null, ran);
            case BROKEN_CONTRACT -> new BatchResultException(text);
            case UNREADABLE ->
                new RemoteBatchException(
                        text + " (" + said.getClassName() + ")", given(said.getClassName()), null, ran);
            case PROCESSOR, UNRECOGNIZED ->
                new RemoteBatchException(
                        "The processor at the worker of batcher '" + batcher + "' failed with " + said.getClassName()
                                + (said.getMessage().isEmpty() ? "" : ": " + said.getMessage()),
                        given(said.getClassName()),
                        given(said.getMessage()),
                        ran);
        };
    }

    /** The stream broke while the item was with the worker. */
    static BatchAbortedException lost(String batcher, Status status) {
        return new BatchAbortedException(
                "The worker of batcher '" + batcher + "' was lost while it had the item (" + status.getCode()
                        + "): the item may have run",
                status.asRuntimeException(),
                true);
    }

    /** No worker takes this client, and waiting doesn't help. */
    static BatchAbortedException rejected(String batcher, Status status, boolean mayHaveRun) {
        return new BatchAbortedException(
                "The worker of batcher '" + batcher + "' rejects this client (" + status.getCode() + "): "
                        + status.getDescription() + "; "
                        + (mayHaveRun ? "the item may have run before" : "the item has not run"),
                status.asRuntimeException(),
                mayHaveRun);
    }

    static BatchAbortedException stoppedInFlight(String batcher, boolean mayHaveRun) {
        return new BatchAbortedException(
                "Batcher '" + batcher + "' was stopped by force while "
                        + (mayHaveRun ? "a worker had the item: it may have run" : "no worker had the item"),
                null,
                mayHaveRun);
    }

    /** What the outbox said of a call, with what the call knows: an item that a stream never got has not run. */
    static Throwable ofOutbox(String batcher, Throwable said, boolean mayHaveRun) {
        Throwable failure = peel(said);
        if (failure instanceof BatcherException outbox && outbox.mayHaveRun() && !mayHaveRun) {
            String text = "No worker of batcher '" + batcher + "' could be reached, and the item has not run: "
                    + (outbox instanceof ItemExpiredException
                            ? "its timeout was over"
                            : "the batcher was stopped by force");
            return outbox instanceof ItemExpiredException
                    ? new ItemExpiredException(text, false)
                    : new BatchAbortedException(text, null, false);
        }
        return failure;
    }

    private static Failure.Kind kind(BatcherException failure) {
        if (failure instanceof QueueFullException) {
            return Failure.Kind.QUEUE_FULL;
        }
        if (failure instanceof ItemExpiredException) {
            return Failure.Kind.EXPIRED;
        }
        if (failure instanceof BatcherStoppedException) {
            return Failure.Kind.STOPPED;
        }
        if (failure instanceof ItemTooHeavyException) {
            return Failure.Kind.TOO_HEAVY;
        }
        return failure instanceof BatchResultException ? Failure.Kind.BROKEN_CONTRACT : Failure.Kind.ABORTED;
    }

    private static Throwable peel(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static String text(Throwable failure) {
        String message;
        try {
            message = failure.getMessage();
        } catch (Throwable hostile) { // an exception of the user's, whose text can't be had
            return "";
        }
        return message == null ? "" : message;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static @Nullable String given(String text) {
        return text.isEmpty() ? null : text;
    }
}
