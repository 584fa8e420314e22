package io.asyncbatcher.grpc;

/** Which worker gets an item, if a target has several. */
public enum Routing {
    /**
     * All items of a client are sent to one worker: the first reachable address of the target. Batches are as full as possible.
     * One worker has the load of all clients with the same order of addresses.
     */
    PICK_FIRST,
    /**
     * Items with the same partition key are sent to the same worker, from every client: the {@code ring_hash} policy of gRPC.
     * Batches of one key are as full as with one worker. The load is distributed like the keys: a client divides them into 16
     * parts by {@code hashCode}, and each part has a worker. Therefore {@code hashCode} of a key must be the same in all
     * processes. That of a string or a number is. That of an enum constant, or of a class without a {@code hashCode} of its
     * own, is not. Requires a partition key and the artifact {@code io.grpc:grpc-xds}. Sets the system property
     * {@code GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY}, which gRPC for Java requires, unless it is set. A new worker
     * gets its share within two minutes.
     */
    HASH,
    /**
     * Items are sent to each worker in turn. The load is even, and batches are smaller in proportion to the number of workers. A
     * new worker gets its share within two minutes.
     */
    ROUND_ROBIN
}
