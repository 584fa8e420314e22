package io.asyncbatcher.grpc;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the connections of a client to its workers, at one moment.
 *
 * @param target the target of the connections
 * @param workers the names of the workers to which the client has a stream, as they call themselves
 * @param unreachableFor the time for which no worker has been found; null if there is a worker or none is needed
 * @param connects streams opened so far
 * @param sentBytes bytes of all frames sent so far
 * @param receivedBytes bytes of all frames received so far
 * @param answers items answered by workers so far
 * @param roundTripNanos the time from writing to answer, of all answered items together
 */
public record RemoteState(
        String target,
        List<String> workers,
        @Nullable Duration unreachableFor,
        long connects,
        long sentBytes,
        long receivedBytes,
        long answers,
        long roundTripNanos) {

    /**
     * Copies the list.
     *
     * @param target the target of the connections
     * @param workers is copied
     * @param unreachableFor the time for which no worker has been found, or null
     * @param connects streams opened so far
     * @param sentBytes bytes of all frames sent so far
     * @param receivedBytes bytes of all frames received so far
     * @param answers items answered by workers so far
     * @param roundTripNanos the time from writing to answer, of all answered items together
     */
    public RemoteState {
        workers = List.copyOf(workers);
    }
}
