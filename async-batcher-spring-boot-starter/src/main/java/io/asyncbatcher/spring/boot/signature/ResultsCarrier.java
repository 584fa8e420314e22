package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.AsyncBatcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** What the results of a batch come in. Reactor's types are known by name, because it may be missing. */
enum ResultsCarrier {
    PLAIN,
    STAGE,
    MONO,
    FLUX;

    /** The carrier of a method that returns this type. */
    static ResultsCarrier of(Class<?> type) {
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return STAGE;
        }
        return switch (type.getName()) {
            case "reactor.core.publisher.Mono" -> MONO;
            case "reactor.core.publisher.Flux" -> FLUX;
            default -> PLAIN;
        };
    }

    /** The type of what is carried. */
    ResolvableType inner(ResolvableType type) {
        return this == PLAIN ? type : type.getGeneric(0);
    }

    /**
     * A builder whose processor calls a method of this kind.
     *
     * @param key by what the results are matched, where they are
     * @param batchTimeout the batcher's, asked for with each batch
     */
    AsyncBatcher.Builder<Object, ?> builder(
            ResultsShape results,
            @Nullable ResultKey key,
            BatchCall call,
            ResultsCheck check,
            Supplier<@Nullable Duration> batchTimeout) {
        if (this == PLAIN) {
            return AsyncBatcher.builder(results.processor(check.of(call), key));
        }
        if (this == FLUX && results == ResultsShape.POSITIONS) {
            return AsyncBatcher.asyncBuilder(
                    AsyncBatchProcessor.<Object, Object>streaming((batch, reports) -> ReactorStages.report(
                            check.stage(call.call(batch)), batch.size(), reports, check, batchTimeout.get())));
        }
        return AsyncBatcher.asyncBuilder(results.asyncProcessor(
                check.of((batch, reports) -> {
                    int size = batch.size();
                    return stage(call.call(batch, reports), size, batchTimeout);
                }),
                key));
    }

    private @Nullable CompletionStage<?> stage(
            @Nullable Object returned, int batchSize, Supplier<@Nullable Duration> batchTimeout) {
        if (returned == null) {
            return null;
        }
        return switch (this) {
            case MONO -> ReactorStages.ofMono(returned, batchTimeout.get());
            case FLUX -> ReactorStages.ofFlux(returned, batchSize, batchTimeout.get());
            case PLAIN, STAGE -> (CompletionStage<?>) returned;
        };
    }
}
