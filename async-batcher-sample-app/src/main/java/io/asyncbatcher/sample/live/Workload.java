package io.asyncbatcher.sample.live;

import java.util.concurrent.CompletableFuture;

/** A use of the sample that the live page can put under load. Its methods are called by many threads at once. */
public interface Workload {

    /** A short name without spaces, for requests. */
    String name();

    /** What the page calls it. */
    String title();

    /** The name of the batcher that its items go through. */
    String batcher();

    /** How many calls without batching may run at once: as many as the system behind takes. */
    int unbatchedConcurrency();

    /** What sets that limit, in a sentence for the page. */
    String unbatchedLimit();

    /**
     * One caller's call through the batcher; doesn't wait.
     *
     * @param number of the call, from 0 on
     */
    CompletableFuture<?> batched(long number);

    /**
     * The same call without batching; waits for its end.
     *
     * @param number of the call, from 0 on
     */
    void unbatched(long number);
}
