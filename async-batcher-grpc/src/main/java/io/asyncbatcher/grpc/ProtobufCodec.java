package io.asyncbatcher.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** The codec of one type of Protobuf messages. */
final class ProtobufCodec<M extends MessageLite> implements Codec<M> {

    private final Parser<? extends M> parser;

    @SuppressWarnings("unchecked") // a message's parser makes messages of its own type
    ProtobufCodec(M prototype) {
        parser = (Parser<? extends M>) prototype.getParserForType();
    }

    @Override
    public String name() {
        return "protobuf";
    }

    @Override
    public byte[] encode(M value) {
        return value.toByteArray();
    }

    @Override
    public M decode(byte[] bytes) throws InvalidProtocolBufferException {
        return parser.parseFrom(bytes);
    }
}
