package io.asyncbatcher.spring;

import io.asyncbatcher.AsyncBatcher;

/**
 * A bean that may touch the builder of each {@link Batched} method's batcher before it is built.
 *
 * <p>Customizers are called in their order ({@code @Order}), after annotation and properties were applied, so that what
 * they set has the last word. The name can't be changed: it is put back afterwards. An exception stops the start. When
 * Spring Cloud refreshes the environment they are called again, with a builder of which only the plain options count.
 */
@FunctionalInterface
public interface BatcherCustomizer {

    /**
     * Customizes one batcher.
     *
     * @param name the batcher's name
     * @param builder holds what annotation and properties say
     */
    void customize(String name, AsyncBatcher.Builder<?, ?> builder);
}
