package io.asyncbatcher;

import java.util.List;

/** What a processor throws for a batch with an item at fault; says of which batch it is. */
final class Poisoned extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final transient List<Integer> batch;

    Poisoned(List<Integer> batch) {
        this.batch = List.copyOf(batch);
    }
}
