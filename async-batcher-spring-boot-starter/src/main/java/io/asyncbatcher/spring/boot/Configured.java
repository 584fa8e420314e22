package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how batchers are configured, for the endpoint. */
interface Configured {

    /** The application's code set it. */
    String CODE = "code";

    /** Where the options of a batcher got their values, as text by the options' names; empty for one that isn't known. */
    Map<String, String> origins(String batcher);

    /** The options as annotation, properties and customizers, or builder and properties set them; null for one that isn't known. */
    @Nullable
    BatcherOptions options(String batcher);

    /** Whether a batcher is that of a method. */
    boolean isOfMethod(String batcher);
}
