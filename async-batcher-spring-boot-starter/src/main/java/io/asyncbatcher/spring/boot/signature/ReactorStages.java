package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.BatchResults;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Subscribes to Reactor's types. Apart from everything else, so that nothing else needs Reactor to
 * be linked.
 */
final class ReactorStages {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private ReactorStages() {}

    /**
     * Subscribes to the results of a batch.
     *
     * @param batchTimeout when they are cancelled; null = never
     */
    static CompletionStage<?> ofMono(Object mono, @Nullable Duration batchTimeout) {
        return bounded((Mono<?>) mono, batchTimeout).toFuture();
    }

    /** The same where the results come one by one, and are needed together. One too many is enough to see that there are. */
    static CompletionStage<?> ofFlux(Object flux, int batchSize, @Nullable Duration batchTimeout) {
        return bounded(((Flux<?>) flux).take(batchSize + 1L).collectList(), batchTimeout)
                .toFuture();
    }

    /**
     * Subscribes to results that come one by one in the items' order, and reports each when it comes.
     *
     * @return ends with the results; fails where there are too few or too many
     */
    static CompletionStage<?> report(
            Object flux,
            int batchSize,
            BatchResults<Object> results,
            ResultsCheck check,
            @Nullable Duration batchTimeout) {
        return bounded(
                        Mono.defer(() -> {
                            AtomicInteger next = new AtomicInteger();
                            return ((Flux<?>) flux)
                                    .take(batchSize + 1L)
                                    .doOnNext(result -> {
                                        int i = next.getAndIncrement();
                                        if (i < batchSize) {
                                            results.success(i, result);
                                        }
                                    })
                                    .then(Mono.fromRunnable(() -> check.requireOneAnItem(next.get(), batchSize)));
                        }),
                        batchTimeout)
                .toFuture();
    }

    /** The engine can interrupt a thread, but there is none here. So the subscription has to end by itself. */
    private static <V> Mono<V> bounded(Mono<V> results, @Nullable Duration batchTimeout) {
        return batchTimeout == null || batchTimeout.compareTo(LONGEST) > 0
                ? results
                : results.timeout(
                        batchTimeout,
                        Mono.error(
                                () -> new CancellationException("The batchTimeout of " + batchTimeout + " is over")));
    }
}
