package io.asyncbatcher.grpc;

import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import java.util.concurrent.atomic.LongAdder;

/** A client's connection: the channel, how streams are made on it, and what is counted of it. */
final class Link {

    private final ManagedChannel channel;
    private final CallOptions options;
    final LongAdder connects = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder answers = new LongAdder();
    final LongAdder roundTripNanos = new LongAdder();

    Link(ManagedChannel channel, CallOptions options) {
        this.channel = channel;
        // A stream is ready when nothing that was written waits to be sent: what comes meanwhile is one frame then.
        this.options = options.withOnReadyThreshold(1).withMaxInboundMessageSize(Wire.MAX_FRAME_BYTES);
    }

    ClientCall<ClientFrame, WorkerFrame> newCall() {
        channel.resetConnectBackoff();
        return channel.newCall(Wire.METHOD, options);
    }

    void connected() {
        connects.increment();
    }

    void sent(int bytes) {
        sentBytes.add(bytes);
    }

    void received(int bytes) {
        receivedBytes.add(bytes);
    }

    void answered(long nanos) {
        answers.increment();
        roundTripNanos.add(nanos);
    }

    void shutdown() {
        channel.shutdownNow();
    }
}
