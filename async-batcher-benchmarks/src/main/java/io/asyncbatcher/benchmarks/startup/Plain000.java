package io.asyncbatcher.benchmarks.startup;

import java.util.List;

/** One of the beans that have nothing to do with batching. */
public class Plain000 {

    public String one(long id) {
        return "one " + id;
    }

    public List<String> many(List<Long> ids) {
        return ids.stream().map(this::one).toList();
    }

    void clear() {}
}
