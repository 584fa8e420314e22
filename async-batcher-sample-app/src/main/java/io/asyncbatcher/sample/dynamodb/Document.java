package io.asyncbatcher.sample.dynamodb;

import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A document as it is stored. */
record Document(String key, String text) {

    static final String TABLE = "documents";

    static Document of(Map<String, AttributeValue> item) {
        return new Document(
                keyOf(item), Objects.requireNonNull(item.get("text")).s());
    }

    static String keyOf(Map<String, AttributeValue> item) {
        return Objects.requireNonNull(item.get("key")).s();
    }

    static Map<String, AttributeValue> key(String key) {
        return Map.of("key", AttributeValue.fromS(key));
    }

    Map<String, AttributeValue> item() {
        return Map.of("key", AttributeValue.fromS(key), "text", AttributeValue.fromS(text));
    }
}
