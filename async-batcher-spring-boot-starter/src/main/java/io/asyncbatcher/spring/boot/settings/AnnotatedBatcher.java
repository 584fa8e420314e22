package io.asyncbatcher.spring.boot.settings;

import java.util.Map;

/**
 * A batcher that an annotation declares, as its settings see it.
 *
 * @param name the batcher's
 * @param description of the annotated method, for messages
 * @param attributes the annotation's attributes that are options and set, placeholders resolved
 */
public record AnnotatedBatcher(String name, String description, Map<String, String> attributes) {

    /** Keeps a copy of the attributes. */
    public AnnotatedBatcher {
        attributes = Map.copyOf(attributes);
    }
}
