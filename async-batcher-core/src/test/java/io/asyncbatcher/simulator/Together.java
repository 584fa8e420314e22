package io.asyncbatcher.simulator;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The items of one {@code processAll} and their common future. */
final class Together {

    final List<Tracked> members;
    CompletableFuture<List<Answer>> future;
    boolean cancelled;

    Together(List<Tracked> members) {
        this.members = members;
    }
}
