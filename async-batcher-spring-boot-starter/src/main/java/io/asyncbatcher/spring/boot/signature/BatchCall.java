package io.asyncbatcher.spring.boot.signature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call of an annotated method with one batch. */
@FunctionalInterface
public interface BatchCall {

    /** Returns what the method returns, which may be wrong; what it throws comes out as it is. */
    @Nullable
    Object call(List<Object> batch) throws Exception;
}
