package io.asyncbatcher.grpc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The results of several items as one: when all have ended, with the first failure in their order if there is one. */
final class Together {

    private Together() {}

    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns fails where an item does
    static <R extends @Nullable Object> CompletableFuture<List<R>> of(List<CompletableFuture<R>> calls) {
        CompletableFuture<List<R>> all = new CompletableFuture<>();
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).whenComplete((ended, failure) -> {
            List<R> results = new ArrayList<>(calls.size());
            for (CompletableFuture<R> call : calls) {
                Throwable thrown = failure == null ? null : failureOf(call);
                if (thrown != null) {
                    all.completeExceptionally(thrown);
                    return;
                }
                results.add(call.join());
            }
            all.complete(Collections.unmodifiableList(results));
        });
        // Whoever ends the whole early gives the items' room back; those that have ended don't mind.
        all.whenComplete((results, failure) -> calls.forEach(call -> call.cancel(false)));
        return all;
    }

    private static @Nullable Throwable failureOf(CompletableFuture<?> call) {
        return call.isCompletedExceptionally()
                ? call.handle((result, thrown) -> thrown).join()
                : null;
    }
}
