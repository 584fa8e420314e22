package io.asyncbatcher.grpc;

import java.util.SplittableRandom;

/** Lets the simulator, which knows the public API only, repeat a client's backoff. */
public final class SeededJitter {

    private SeededJitter() {}

    public static void set(GrpcBatcherBuilder<?, ?> client, SplittableRandom random) {
        client.jitter(() -> random.nextDouble(0.8, 1.2));
    }
}
