package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.BatchResultException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Rejects what a method must not return, in words of the method and of Spring. The engine would reject the same, but knows
 * of a processor only, and of what a user of its builder can do.
 *
 * @param description of the method whose results are checked
 * @param plain whether it returns its results themselves, rather than in a stage
 * @param shape how they belong to the items
 */
record ResultsCheck(String description, boolean plain, ResultsShape shape) {

    private static final String ONE_AN_ITEM =
            "one element an item, in the items' order. Where results can be missing or"
                    + " come in another order, return a Map by item, or set resultKey of @Batched";

    /** Puts the check behind a call whose results are plain, or come in a stage. */
    BatchCall of(BatchCall call) {
        return (batch, reports) -> {
            int items = batch.size();
            Object returned = call.call(batch, reports);
            if (plain) {
                return checked(returned, items);
            }
            return ((CompletionStage<?>) stage(returned)).thenApply(results -> checked(results, items));
        };
    }

    /** Rejects null instead of what results come in. */
    Object stage(@Nullable Object returned) {
        if (returned == null) {
            throw breach("null instead of a stage; return one that is completed once the batch is done");
        }
        return returned;
    }

    /** Rejects another number of results than items. */
    void requireOneAnItem(int results, int items) {
        if (results != items) {
            throw breach(results + " results for " + items + " items; return " + ONE_AN_ITEM);
        }
    }

    private @Nullable Object checked(@Nullable Object results, int items) {
        if (shape == ResultsShape.NONE || shape == ResultsShape.REPORTED) {
            return results;
        }
        if (results == null) {
            throw breach("null for " + items + " items; return "
                    + (shape.needsPositions()
                            ? ONE_AN_ITEM
                            : (shape == ResultsShape.MATCHING ? "an empty list" : "an empty map")
                                    + " if there are no results"));
        }
        if (!shape.needsPositions()) {
            return results;
        }
        Object read =
                shape == ResultsShape.OUTCOMES && results instanceof List<?> outcomes ? withoutNull(outcomes) : results;
        requireOneAnItem(read instanceof Collection<?> collection ? collection.size() : Array.getLength(read), items);
        return read;
    }

    /** Read once: a list may do its work only then. */
    private List<Object> withoutNull(List<?> outcomes) {
        List<Object> read = new ArrayList<>(outcomes);
        if (read.contains(null)) {
            throw breach("null as an outcome; return Outcome.success, failure or retry for each item");
        }
        return read;
    }

    private BatchResultException breach(String returned) {
        return new BatchResultException("@Batched method " + description + " returned " + returned);
    }
}
