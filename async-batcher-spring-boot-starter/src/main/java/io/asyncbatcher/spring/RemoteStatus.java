package io.asyncbatcher.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link RemoteBatcher} stands with its workers, read at one moment.
 *
 * @param target where workers are looked for
 * @param workers those that it is connected to, by the names that they gave themselves
 * @param unreachableFor how long it has been looking for a worker in vain; null while it has one or needs none
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
     * @param target where workers are looked for
     * @param workers those that it is connected to, by the names that they gave themselves
     * @param unreachableFor how long it has been looking for a worker in vain; null while it has one or needs none
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
