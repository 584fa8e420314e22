package io.asyncbatcher.grpc.process;

/**
 * What was measured of one way to run a batcher, over some seconds.
 *
 * @param perSecond items a second, over all clients
 * @param batchSize items a batch, in the mean
 * @param p50 of an item's way from submission to result, in milliseconds: the mean of the clients' own
 * @param p99 the same for 99 of 100
 * @param workerMicros processor time of the worker for an item, in microseconds; zero where there is none
 * @param clientMicros the same of all clients
 * @param failures items that got no result
 */
record Measured(
        double perSecond,
        double batchSize,
        double p50,
        double p99,
        double workerMicros,
        double clientMicros,
        double failures) {}
