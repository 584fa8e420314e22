package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.BatchResults;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call of an annotated method with one batch. */
@FunctionalInterface
public interface BatchCall {

    /**
     * Returns what the method returns, which may be wrong; what it throws comes out as it is.
     *
     * @param results takes the reports of a method that has a parameter for it; null for others
     */
    @Nullable
    Object call(List<Object> batch, @Nullable BatchResults<Object> results) throws Exception;

    /** The call of a method that returns its results. */
    default @Nullable Object call(List<Object> batch) throws Exception {
        return call(batch, null);
    }
}
