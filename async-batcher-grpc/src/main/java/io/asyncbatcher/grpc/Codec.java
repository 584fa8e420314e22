package io.asyncbatcher.grpc;

import com.google.protobuf.MessageLite;

/**
 * Turns items or results into bytes and back. Client and worker declare the same types on their own: no type name is ever
 * taken from the wire. Safe for use by many threads.
 *
 * <p>What a method throws fails the one item that it was called for. Items are encoded on the caller's thread and decoded on a
 * thread of the worker's server; results are encoded on the thread that settles the item at the worker.
 *
 * @param <V> the item or the result
 */
public interface Codec<V> {

    /**
     * What the bytes are, {@code json} for instance: a worker rejects a client whose codec has another name than its own.
     *
     * @return a name for messages
     */
    String name();

    /**
     * The value as bytes.
     *
     * @param value not null; a null result is carried without a codec
     * @return the bytes
     * @throws Exception to fail the item
     */
    byte[] encode(V value) throws Exception;

    /**
     * The value of bytes that come from the other side, and may be anything.
     *
     * @param bytes the bytes, not kept by the caller
     * @return the value, not null
     * @throws Exception to fail the item
     */
    V decode(byte[] bytes) throws Exception;

    /**
     * Protobuf messages as they are.
     *
     * @param prototype any message of the type, such as {@code Sku.getDefaultInstance()}
     * @param <M> the message
     * @return the codec
     */
    static <M extends MessageLite> Codec<M> protobuf(M prototype) {
        return new ProtobufCodec<>(prototype);
    }
}
