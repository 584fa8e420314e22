package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatcher;
import java.util.List;

/** Another batcher, whose failures are let out. */
final class Foreign {

    private Foreign() {}

    /** Says of an item of another batcher that it has not run. */
    static Throwable failure() {
        AsyncBatcher<String, String> batcher =
                AsyncBatcher.<String, String>builder(batch -> List.of()).build();
        batcher.stop(true);
        return batcher.process("other")
                .<Throwable>handle((result, failure) -> failure)
                .join();
    }
}
