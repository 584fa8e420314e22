package io.asyncbatcher.spring.boot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batcher is made of.
 *
 * @param bean the bean whose method it is, or else that it is itself
 * @param method the method that its batches are handed to, or null
 * @param itemType the type of its items, null if that isn't known
 * @param resultType the type of its results, null if that isn't known
 * @param beans the names of the beans that it uses, by the option that names them; null = none. Empty where only the code
 *     knows
 */
record Wiring(
        @Nullable String bean,
        @Nullable String method,
        @Nullable String itemType,
        @Nullable String resultType,
        Map<String, @Nullable String> beans) {}
