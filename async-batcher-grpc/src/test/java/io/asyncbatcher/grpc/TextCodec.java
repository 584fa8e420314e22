package io.asyncbatcher.grpc;

import java.nio.charset.StandardCharsets;

/** Strings as UTF-8. */
final class TextCodec implements Codec<String> {

    @Override
    public String name() {
        return "text";
    }

    @Override
    public byte[] encode(String value) {
        if (value.contains("unwritable")) {
            throw new IllegalArgumentException("not written");
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.contains("unreadable")) {
            throw new IllegalArgumentException("not read");
        }
        return text;
    }
}
