package io.asyncbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What a processor may return, brought into the one form that a batch reads: a list by position. */
final class Results {

    private Results() {}

    /** One result an item, null where the map has none. */
    static <T, R extends @Nullable Object> List<@Nullable R> byKey(
            List<T> batch, @Nullable Map<? super T, ? extends R> map) {
        if (map == null) {
            throw new BatchResultException("The batch function returned null instead of a map of results by item;"
                    + " return an empty map if there are none");
        }
        List<@Nullable R> results = new ArrayList<>(batch.size());
        for (T item : batch) {
            results.add(map.get(item));
        }
        return results;
    }

    /** Refuses a null stage. */
    static <V> CompletionStage<V> stage(@Nullable CompletionStage<V> stage) {
        if (stage == null) {
            throw new BatchResultException("The batch function returned null instead of a stage; return one that is"
                    + " completed once the batch is done");
        }
        return stage;
    }

    /** The results of items that all succeeded; otherwise the first failure is thrown. */
    static <R extends @Nullable Object> List<R> plain(List<? extends Outcome<R>> outcomes) {
        List<R> results = new ArrayList<>(outcomes.size());
        for (Outcome<R> outcome : outcomes) {
            if (outcome instanceof Outcome.Failure<R> failure) {
                throw new CompletionException(failure.cause());
            }
            if (outcome instanceof Outcome.Retry<R> retry) {
                throw new CompletionException(retry.cause());
            }
            results.add(((Outcome.Success<R>) outcome).result());
        }
        return results;
    }

    /** What a stage failed with, without what futures wrap around it. */
    static Throwable peel(Throwable failure) {
        Throwable inner = failure;
        while (inner.getClass() == CompletionException.class || inner.getClass() == ExecutionException.class) {
            Throwable cause = inner.getCause();
            if (cause == null) {
                break;
            }
            inner = cause;
        }
        return inner;
    }
}
