package io.asyncbatcher.spring.boot;

import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Subscribes to Reactor's types. Apart from everything else, so that nothing else needs Reactor to be linked. */
final class ReactorStages {

    private ReactorStages() {}

    static CompletionStage<?> ofMono(Object mono) {
        return ((Mono<?>) mono).toFuture();
    }

    static CompletionStage<?> ofFlux(Object flux) {
        return ((Flux<?>) flux).collectList().toFuture();
    }
}
