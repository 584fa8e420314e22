package io.asyncbatcher.spring;

import io.asyncbatcher.AsyncBatcher;

/**
 * A bean that can change the builder of the batcher of each {@link Batched} method before the batcher is built.
 *
 * <p>Customizers are called in their order ({@code @Order}), after annotation and properties are applied, so they
 * override them. The name cannot be changed; it is restored afterwards. An exception fails startup. When Spring Cloud
 * refreshes the environment, customizers are called again, with a builder of which only the plain options are used.
 */
@FunctionalInterface
public interface BatcherCustomizer {

    /**
     * Customizes one batcher.
     *
     * @param name the name of the batcher
     * @param builder a builder with the options of annotation and properties
     */
    void customize(String name, AsyncBatcher.Builder<?, ?> builder);
}
