package io.asyncbatcher.grpc;

/** Which worker gets an item, where a target has several. */
public enum Routing {
    /**
     * All items of a client go to one worker, the first in the order of the target's addresses that can be reached. Batches
     * are as full as they can be, and one worker carries the load of all clients that see the same order.
     */
    PICK_FIRST,
    /**
     * Items with the same partition key go to the same worker, whichever client they come from: gRPC's {@code ring_hash}
     * policy. Batches of one key are as full as with one worker; work is spread as the keys are. Needs a partition key and
     * the artifact {@code io.grpc:grpc-xds}; and, as gRPC for Java has it behind a flag, sets the system property {@code
     * GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY} unless it is set. A worker that is added gets its share within two minutes.
     */
    HASH,
    /**
     * Items go to the workers in turn. Work is spread evenly, and batches are smaller by the number of workers. A worker that is
     * added gets its share within two minutes.
     */
    ROUND_ROBIN
}
