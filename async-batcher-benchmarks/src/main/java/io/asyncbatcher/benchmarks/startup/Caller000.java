package io.asyncbatcher.benchmarks.startup;

import io.asyncbatcher.BatcherClient;
import java.util.concurrent.CompletableFuture;

/** One of the beans that have a client injected, found among many of its type by its name. */
public class Caller000 {

    private final BatcherClient<Long, String> batch000;

    public Caller000(BatcherClient<Long, String> batch000) {
        this.batch000 = batch000;
    }

    public CompletableFuture<String> one(long id) {
        return batch000.process(id);
    }
}
