package io.asyncbatcher.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What both sides agree on before the first byte: the method, the versions, and how a frame is read. */
final class Wire {

    /** The newest version that this code speaks. */
    static final int VERSION = 1;

    /** The oldest version that this code speaks. */
    static final int OLDEST_VERSION = 1;

    /** What gRPC accepts of one message unless it is told otherwise. */
    static final int MAX_FRAME_BYTES = 4 << 20;

    /** An item's or an answer's share of a frame beside its payload, at most, without key and trace. */
    static final int ENTRY_BYTES = 64;

    /** Left over for everything in a frame that is not an entry. */
    static final int FRAME_BYTES = 1024;

    static final String SERVICE = "asyncbatcher.Batcher";

    static final MethodDescriptor<ClientFrame, WorkerFrame> METHOD =
            MethodDescriptor.<ClientFrame, WorkerFrame>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Process"))
                    .setRequestMarshaller(new FrameMarshaller<>(ClientFrame.parser()))
                    .setResponseMarshaller(new FrameMarshaller<>(WorkerFrame.parser()))
                    .build();

    private Wire() {}

    /** Frames as gRPC reads and writes them. */
    private record FrameMarshaller<M extends MessageLite>(Parser<M> parser) implements MethodDescriptor.Marshaller<M> {

        @Override
        public InputStream stream(M frame) {
            return new ByteArrayInputStream(frame.toByteArray());
        }

        @Override
        public M parse(InputStream stream) {
            try (stream) {
                return parser.parseFrom(stream);
            } catch (InvalidProtocolBufferException e) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("A frame can't be read: " + e.getMessage())
                        .asRuntimeException();
            } catch (IOException e) {
                throw Status.INTERNAL.withCause(e).asRuntimeException();
            }
        }
    }
}
