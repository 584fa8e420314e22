package io.asyncbatcher.benchmarks.startup;

import io.asyncbatcher.spring.Batched;
import java.util.List;

/** One of the beans whose method becomes a batcher. */
public class Batched000 {

    @Batched(name = "batch000", maxBatchSize = "200")
    public List<String> many(List<Long> ids) {
        return ids.stream().map(this::one).toList();
    }

    public String one(long id) {
        return "one " + id;
    }

    void clear() {}
}
