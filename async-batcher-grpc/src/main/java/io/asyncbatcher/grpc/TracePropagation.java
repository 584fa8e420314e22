package io.asyncbatcher.grpc;

import io.asyncbatcher.ListenerContext;
import java.util.Map;

/** Carries the trace of an item's caller to the worker. Safe for use by many threads. */
public interface TracePropagation {

    /**
     * What is current on the caller's thread, in the form of a tracer's propagation: {@code traceparent} and the like.
     *
     * @return the fields; empty if nothing is current
     */
    Map<String, String> current();

    /**
     * Makes a caller's trace current on a thread of the worker, while the item is submitted there.
     *
     * @param fields as {@link #current} gave them at the client; they come from outside, and may be anything
     * @return ends it, on the same thread
     */
    ListenerContext.Scope open(Map<String, String> fields);
}
