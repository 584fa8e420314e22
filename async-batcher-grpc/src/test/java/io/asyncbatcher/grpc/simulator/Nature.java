package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.grpc.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is odd about an item. It is in the item's text. */
enum Nature {
    PLAIN,
    RESULT_IS_NULL,
    UNWRITABLE_ITEM,
    UNREADABLE_ITEM,
    UNWRITABLE_RESULT,
    UNREADABLE_RESULT;

    /** What the worker's processor gives back for an item. */
    static @Nullable String resultOf(String item) {
        return item.endsWith(RESULT_IS_NULL.name()) ? null : "result of " + item;
    }

    /** A codec that fails where an item's nature says so. */
    record TextCodec(String name, String side) implements Codec<String> {

        static TextCodec ofItems() {
            return new TextCodec("items", "ITEM");
        }

        static TextCodec ofResults() {
            return new TextCodec("results", "RESULT");
        }

        @Override
        public byte[] encode(String value) {
            return refuse(value, "UNWRITABLE_").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return refuse(new String(bytes, StandardCharsets.UTF_8), "UNREADABLE_");
        }

        private String refuse(String text, String what) {
            if (text.endsWith((what + side).toUpperCase(Locale.ROOT))) {
                throw new IllegalArgumentException(what);
            }
            return text;
        }
    }
}
