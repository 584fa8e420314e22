package io.asyncbatcher.grpc.process;

import io.asyncbatcher.grpc.Codec;
import java.nio.charset.StandardCharsets;

/** Strings as UTF-8. */
final class PlainText implements Codec<String> {

    @Override
    public String name() {
        return "text";
    }

    @Override
    public byte[] encode(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
