package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how batchers are configured, for the endpoint. */
interface Configured {

    /** The application's code set it. */
    String CODE = "code";

    /** Where the options of a batcher got their values, as text by the options' names; empty for one that is no method's. */
    Map<String, String> origins(String batcher);

    /** The options as annotation, properties and customizers set them; null for a batcher that is no method's. */
    @Nullable
    BatcherOptions options(String batcher);
}
