package io.asyncbatcher.grpc;

import com.google.protobuf.MessageLite;

/**
 * Encodes items or results as bytes, and decodes them. Client and worker declare their types independently. No type name is read
 * from the wire. Thread-safe.
 *
 * <p>If a method throws, only the item for which it was called fails. Items are encoded on the thread of the caller, and decoded
 * on a thread of the server of the worker. Results are encoded on the thread that settles the item at the worker.
 *
 * @param <V> the item or the result
 */
public interface Codec<V> {

    /**
     * The name of the format, for example {@code json}. A worker rejects a client whose codec has another name.
     *
     * @return a name for messages
     */
    String name();

    /**
     * Encodes a value.
     *
     * @param value not null; a null result is sent without a codec
     * @return the bytes
     * @throws Exception to fail the item
     */
    byte[] encode(V value) throws Exception;

    /**
     * Decodes bytes. They come from the other side and may be invalid or hostile.
     *
     * @param bytes the bytes; the caller does not keep them
     * @return the value, not null
     * @throws Exception to fail the item
     */
    V decode(byte[] bytes) throws Exception;

    /**
     * A codec for Protobuf messages, in their own format.
     *
     * @param prototype any message of the type, such as {@code Sku.getDefaultInstance()}
     * @param <M> the message
     * @return the codec
     */
    static <M extends MessageLite> Codec<M> protobuf(M prototype) {
        return new ProtobufCodec<>(prototype);
    }
}
