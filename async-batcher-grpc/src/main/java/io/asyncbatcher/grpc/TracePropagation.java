package io.asyncbatcher.grpc;

import io.asyncbatcher.ListenerContext;
import java.util.Map;

/** Sends the trace of the caller of an item to the worker. Thread-safe. */
public interface TracePropagation {

    /**
     * The current trace of the calling thread, as fields of the propagation of a tracer, for example {@code traceparent}.
     *
     * @return the fields; empty if there is no current trace
     */
    Map<String, String> current();

    /**
     * Makes the trace of a caller current on a thread of the worker, while the item is submitted there.
     *
     * @param fields the fields of {@link #current} at the client; they come from outside and may be invalid or hostile
     * @return the scope; closing it on the same thread ends the trace there
     */
    ListenerContext.Scope open(Map<String, String> fields);
}
