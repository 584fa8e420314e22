package io.asyncbatcher.spring.boot;

import java.util.Map;

/** Says where the options of a batcher got their values, for the endpoint. */
@FunctionalInterface
interface OptionOrigins {

    /** The application's code set it. */
    String CODE = "code";

    /** The origins as text, by the options' names; none for a batcher that isn't known. */
    Map<String, String> of(String batcher);
}
