package io.asyncbatcher.sample.dynamodb;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.spring.Batched;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Gets documents with BatchGetItem. */
@Service
@Profile("dynamodb")
class DocumentReader {

    private final DynamoDbClient client;

    DocumentReader(DynamoDbClient client) {
        this.client = client;
    }

    /**
     * Gets documents in one call. What DynamoDB had no capacity for, or no room in an answer of 16 MB, is tried again.
     *
     * @param keys no two equal ones, which DynamoDB would reject
     */
    @Batched("documentReads")
    List<Outcome<Document>> getAll(List<DocumentKey> keys) {
        BatchGetItemResponse response = call(keys);
        Map<String, Document> found = new HashMap<>();
        response.responses().getOrDefault(Document.TABLE, List.of()).stream()
                .map(Document::of)
                .forEach(document -> found.put(document.key(), document));
        Set<String> unprocessed = response.unprocessedKeys().values().stream()
                .flatMap(table -> table.keys().stream())
                .map(Document::keyOf)
                .collect(Collectors.toSet());
        return keys.stream().map(key -> outcome(key.key(), found, unprocessed)).toList();
    }

    private BatchGetItemResponse call(List<DocumentKey> keys) {
        KeysAndAttributes documents = KeysAndAttributes.builder()
                .keys(keys.stream().map(key -> Document.key(key.key())).toList())
                // So that whoever's put was answered finds what he put.
                .consistentRead(true)
                .build();
        try {
            return client.batchGetItem(request -> request.requestItems(Map.of(Document.TABLE, documents)));
        } catch (SdkException e) {
            throw DynamoDbFailures.translated(e, true);
        }
    }

    private static Outcome<Document> outcome(String key, Map<String, Document> found, Set<String> unprocessed) {
        Document document = found.get(key);
        if (document != null) {
            return Outcome.success(document);
        }
        return unprocessed.contains(key)
                ? DynamoDbFailures.unprocessed(true)
                : Outcome.failure(new ItemRejectedException(HttpStatus.NOT_FOUND, "There is no such document."));
    }
}
