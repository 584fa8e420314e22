package io.asyncbatcher.grpc;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client stands with its workers, read at one moment.
 *
 * @param target where workers are looked for
 * @param workers the workers that it has a stream to now, by the names that they gave themselves
 * @param unreachableFor how long it has been looking for a worker in vain, though it wants one; null while it has one, or
 *     has had no reason to look
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
     * @param target what the client was told to reach
     * @param workers the workers it is connected to
     * @param unreachableFor the time since the last worker was reachable; zero if one is
     * @param connects streams that have been opened
     * @param sentBytes bytes of items
     * @param receivedBytes bytes of results
     * @param answers items that were answered
     * @param roundTripNanos the sum of the times of all answers
     */
    public RemoteState {
        workers = List.copyOf(workers);
    }
}
