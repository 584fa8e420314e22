package io.asyncbatcher.sample.dynamodb;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Puts documents with BatchWriteItem. */
@Service
@Profile("dynamodb")
class DocumentWriter {

    private final DynamoDbClient client;

    DocumentWriter(DynamoDbClient client) {
        this.client = client;
    }

    /**
     * Puts documents in one call, and has what DynamoDB had no capacity for tried again. A call must not have a key twice:
     * of the documents with one key the last is sent, and all end as it does. That is the truth for each of them, as
     * though it had been put and at once overwritten.
     */
    @Batched("documentWrites")
    List<Outcome<Document>> putAll(List<Document> documents) {
        Map<String, Document> last = new LinkedHashMap<>();
        documents.forEach(document -> last.put(document.key(), document));
        Set<String> unprocessed = call(last.values());
        return documents.stream()
                .map(document -> unprocessed.contains(document.key())
                        ? DynamoDbFailures.<Document>unprocessed(false)
                        : Outcome.success(document))
                .toList();
    }

    /** Gives the keys that were left unprocessed. */
    private Set<String> call(Collection<Document> documents) {
        List<WriteRequest> puts = documents.stream()
                .map(document -> WriteRequest.builder()
                        .putRequest(put -> put.item(document.item()))
                        .build())
                .toList();
        try {
            return client
                    .batchWriteItem(request -> request.requestItems(Map.of(Document.TABLE, puts)))
                    .unprocessedItems()
                    .values()
                    .stream()
                    .flatMap(List::stream)
                    .map(write -> Document.keyOf(write.putRequest().item()))
                    .collect(Collectors.toSet());
        } catch (SdkException e) {
            // Which of its attempts DynamoDB may have got, the SDK doesn't tell.
            throw DynamoDbFailures.translated(e, false);
        }
    }
}
