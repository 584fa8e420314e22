package io.asyncbatcher.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the connections of a {@link RemoteBatcher} to its workers, at one moment.
 *
 * @param target the target of the connections
 * @param workers the names of the connected workers, as they call themselves
 * @param unreachableFor the time for which no worker has been found; null if there is a worker or none is needed
 * @param connects streams opened so far
 * @param sentBytes bytes sent so far
 * @param receivedBytes bytes received so far
 * @param answers items answered by workers so far
 * @param roundTripNanos the time from writing to answer, of all answered items together
 */
public record RemoteStatus(
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
     * @param workers the names of the connected workers, as they call themselves
     * @param unreachableFor the time for which no worker has been found; null if there is a worker or none is needed
     * @param connects streams opened so far
     * @param sentBytes bytes sent so far
     * @param receivedBytes bytes received so far
     * @param answers items answered by workers so far
     * @param roundTripNanos the time from writing to answer, of all answered items together
     */
    public RemoteStatus {
        workers = List.copyOf(workers);
    }
}
