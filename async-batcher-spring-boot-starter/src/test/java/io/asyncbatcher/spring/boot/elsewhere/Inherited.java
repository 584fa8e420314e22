package io.asyncbatcher.spring.boot.elsewhere;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import java.util.List;

/** Base classes in another package than the classes of the beans. */
public final class Inherited {

    private Inherited() {}

    public static class Texts {

        private final String prefix = "text ";

        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> prefix.concat(id.toString())).toList();
        }
    }

    public static class ProtectedTexts {

        private final String prefix = "text ";

        @Batched
        protected List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> prefix.concat(id.toString())).toList();
        }
    }

    public static class Lookup {

        @BatchedBy("texts")
        String text(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }
}
