package io.asyncbatcher.internal.call;

import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a processor may return, brought into the one form that a batch reads: a list by position. */
public final class Results {

    private Results() {}

    /** One result an item, null where the map has none. */
    public static <T, R extends @Nullable Object> List<@Nullable R> byKey(
            List<T> batch, @Nullable Map<? super T, ? extends R> map) {
        return ByItem.of(batch, map, item -> null);
    }

    /** One outcome an item, a failure where the map has none. */
    public static <T, R extends @Nullable Object> List<Outcome<R>> outcomesByKey(
            List<T> batch, @Nullable Map<? super T, ? extends Outcome<R>> map) {
        return ByItem.of(
                batch,
                map,
                item -> Outcome.failure(
                        new NoSuchElementException("The map of outcomes has no key that equals the item")));
    }

    /** Each result at the positions of the items that it belongs to, null where there is none. */
    public static <T extends @Nullable Object, R extends @Nullable Object> List<@Nullable R> matching(
            List<T> batch, @Nullable Collection<? extends R> results, Function<? super R, ? extends T> item) {
        if (results == null) {
            throw new BatchResultException(
                    "it returned null instead of a collection of results; return an empty one if there are none");
        }
        Map<T, Integer> wanted = new HashMap<>();
        boolean allCounted = count(batch, wanted);
        Map<T, R> found = new HashMap<>();
        for (R result : results) {
            T key = result == null ? null : item.apply(result);
            if (result != null && (allCounted || canBeLookedUp(wanted, key))) {
                match(key, result, wanted, found, results.size());
            }
        }
        return ByItem.of(batch, each -> {
            if (!wanted.containsKey(each)) {
                throw new IllegalStateException("The hashCode or equals of the item doesn't always answer alike");
            }
            return found.get(each);
        });
    }

    /** Counts equal items; false if there are some whose {@code equals} or {@code hashCode} throws. */
    private static <T extends @Nullable Object> boolean count(List<T> batch, Map<T, Integer> wanted) {
        boolean all = true;
        for (T each : batch) {
            try {
                wanted.merge(each, 1, Integer::sum);
            } catch (Throwable failure) {
                all = false;
            }
        }
        return all;
    }

    /** False for the key of an item that was not counted: what belongs to it is passed over, because the item fails. */
    private static boolean canBeLookedUp(Map<?, ?> wanted, @Nullable Object key) {
        try {
            boolean unused = wanted.containsKey(key);
            return true;
        } catch (Throwable failure) {
            return false;
        }
    }

    private static <T extends @Nullable Object, R> void match(
            @Nullable T key, R result, Map<T, Integer> wanted, Map<T, R> found, int results) {
        Integer left = key == null ? null : wanted.get(key);
        if (left == null) {
            throw new BatchResultException(
                    "it returned a result that belongs to no item of the batch (one of " + results
                            + " results); look whether the key of a result equals the item, in type, case and equals()");
        }
        R other = found.putIfAbsent(key, result);
        if (left == 0 || (other != null && !other.equals(result))) {
            throw new BatchResultException("it returned two results for one item; return at most one an item");
        }
        wanted.put(key, left - 1);
    }

    /** Rejects a null stage. */
    public static <V> CompletionStage<V> stage(@Nullable CompletionStage<V> stage) {
        if (stage == null) {
            throw new BatchResultException(
                    "it returned null instead of a stage; return one that is completed once the batch is done");
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
    public static Throwable peel(Throwable failure) {
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
