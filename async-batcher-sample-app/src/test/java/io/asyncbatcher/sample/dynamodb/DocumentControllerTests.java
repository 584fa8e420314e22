package io.asyncbatcher.sample.dynamodb;

import static io.asyncbatcher.sample.SampleClient.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.OngoingLoad;
import io.asyncbatcher.sample.SampleClient;
import io.asyncbatcher.sample.SampleClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("dynamodb")
@Import(DynamoDbServer.class)
class DocumentControllerTests {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PATH = "/api/dynamodb/documents/";
    private static final AtomicInteger tests = new AtomicInteger();

    @Autowired
    private LocalDynamoDb dynamoDb;

    @Autowired
    private DynamoDbClient aws;

    @Autowired
    private AsyncBatcher<DocumentKey, Document> reads;

    @Autowired
    private AsyncBatcher<Document, Document> writes;

    private final JsonMapper json = new JsonMapper();

    @LocalServerPort
    private int port;

    private SampleClient client;
    private String prefix;

    @BeforeEach
    void begin() {
        client = new SampleClient(port);
        prefix = "t" + tests.getAndIncrement() + "-";
        dynamoDb.forgetRequests();
    }

    @Test
    void twoHundredPutsAreEightCallsAndAsManyGetsTwo() {
        List<Answer> put = together(writes, 200, i -> put(prefix + i, "text " + i));
        List<Answer> got = together(reads, 200, i -> client.get(PATH + prefix + i));

        for (int i = 0; i < 200; i++) {
            Document document = new Document(prefix + i, "text " + i);
            assertThat(document(put.get(i))).isEqualTo(document);
            assertThat(document(got.get(i))).isEqualTo(document);
        }
        assertThat(dynamoDb.requests("BatchWriteItem")).isEqualTo(8);
        assertThat(dynamoDb.requests("BatchGetItem")).isEqualTo(2);
    }

    @Test
    void whoeverIsAnsweredFindsWhatHePut() {
        List<Answer> found = SampleClient.all(
                300,
                i -> put(prefix + i, "text " + i)
                        .thenCompose(put -> client.get(PATH + document(put).key())));

        for (int i = 0; i < 300; i++) {
            assertThat(document(found.get(i))).isEqualTo(new Document(prefix + i, "text " + i));
        }
        assertThat(dynamoDb.requests("BatchWriteItem")).isLessThan(100);
    }

    @Test
    void manyWhoAskForOneDocumentShareOneKeyAndWhatIsMissingIsMissedAlone() {
        put(prefix + "there", "text").join();

        List<Answer> got = together(reads, 30, i -> client.get(PATH + prefix + (i % 3 == 2 ? "missing" : "there")));

        for (int i = 0; i < 30; i++) {
            assertThat(got.get(i).status()).isEqualTo(i % 3 == 2 ? 404 : 200);
        }
        assertThat(got.get(2).type()).isEqualTo("application/problem+json");
        assertThat(got.get(2).body()).contains("There is no such document.");
        assertThat(dynamoDb.requests("BatchGetItem")).isEqualTo(1);
    }

    @Test
    void ofSeveralPutsOfOneKeyInABatchTheLastStays() {
        writes.pause();
        List<CompletableFuture<Document>> told = IntStream.range(0, 20)
                .mapToObj(i -> writes.process(new Document(prefix + i % 2, "text " + i)))
                .toList();
        writes.resume();

        for (int i = 0; i < 20; i++) {
            assertThat(told.get(i).join().text()).isEqualTo("text " + i);
        }
        assertThat(document(client.get(PATH + prefix + 0).join()).text()).isEqualTo("text 18");
        assertThat(document(client.get(PATH + prefix + 1).join()).text()).isEqualTo("text 19");
        assertThat(dynamoDb.requests("BatchWriteItem")).isEqualTo(1);
    }

    @Test
    void putsThatAreLeftUnprocessedAreTriedAgain() {
        UnprocessedPutsInterceptor.forCalls(3);

        List<Answer> put = together(writes, 25, i -> put(prefix + i, "text " + i));

        assertThat(put).extracting(Answer::status).containsOnly(200);
        List<Answer> got = SampleClient.all(25, i -> client.get(PATH + prefix + i));
        for (int i = 0; i < 25; i++) {
            assertThat(document(got.get(i)).text()).isEqualTo("text " + i);
        }
        assertThat(dynamoDb.requests("BatchWriteItem")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void putsThatNeverFindCapacityAreToldThatTheyHadNoEffectAndTheOthersAreDone() {
        UnprocessedPutsInterceptor.forCalls(Integer.MAX_VALUE);
        List<CompletableFuture<Answer>> put;
        try {
            writes.pause();
            put = List.of(put(prefix + 0, "first"), put(prefix + 1, "second"));
            await().until(() -> writes.snapshot().queued() == 2);
            writes.resume();
            put.forEach(CompletableFuture::join);
        } finally {
            UnprocessedPutsInterceptor.forCalls(0);
        }

        assertThat(put).extracting(answer -> answer.join().status()).contains(200);
        for (int i = 0; i < 2; i++) {
            Answer answer = put.get(i).join();
            Answer got = client.get(PATH + prefix + i).join();
            if (answer.status() == 503) {
                assertThat(answer.body()).contains("DynamoDB is not available; the request had no effect");
            }
            assertThat(got.status()).isEqualTo(answer.status() == 200 ? 200 : 404);
        }
    }

    @Test
    void getsThatFindNoRoomInAnAnswerAreTriedAgain() {
        String large = "x".repeat(390_000);
        for (int i = 0; i < 60; i++) {
            Document document = new Document(prefix + i, i + large);
            aws.putItem(put -> put.tableName(Document.TABLE).item(document.item()));
        }
        dynamoDb.forgetRequests();

        List<Answer> got = together(reads, 60, i -> client.get(PATH + prefix + i));

        for (int i = 0; i < 60; i++) {
            assertThat(document(got.get(i)).text()).isEqualTo(i + large);
        }
        // 16 MB are some forty of these documents.
        assertThat(dynamoDb.requests("BatchGetItem")).isEqualTo(2);
    }

    @Test
    void throughputThatIsUsedUpIsWaitedFor() {
        dynamoDb.useUpThroughput(5);

        Answer put = put(prefix, "text").join();
        dynamoDb.useUpThroughput(2);
        Answer got = client.get(PATH + prefix).join();

        assertThat(document(put)).isEqualTo(document(got));
        assertThat(dynamoDb.requests("BatchWriteItem")).isEqualTo(6);
        assertThat(dynamoDb.requests("BatchGetItem")).isEqualTo(3);
    }

    @Test
    void anOutageIsToldAndNothingAcknowledgedIsLost() throws Exception {
        OngoingLoad load = OngoingLoad.start(i -> put(prefix + i, "text " + i));
        await().atMost(SOON).until(() -> load.taken.size() > 200);

        dynamoDb.stopListening();
        await().atMost(SOON).until(() -> !load.rejected.isEmpty());
        Answer read = client.get(PATH + prefix + 0).join();
        int before = load.taken.size();
        dynamoDb.listen();
        await().atMost(SOON).until(() -> load.taken.size() > before + 200);
        load.end();

        assertThat(read.status()).isEqualTo(503);
        assertThat(read.body()).contains("DynamoDB is not available; the request had no effect and can be sent again.");
        assertThat(load.rejected)
                .allSatisfy(answer -> assertThat(answer)
                        .startsWith("503")
                        .contains("DynamoDB is not available; whether the request took effect is not known."));
        List<Integer> taken = List.copyOf(load.taken.keySet());
        List<Answer> got = SampleClient.all(taken.size(), i -> client.get(PATH + prefix + taken.get(i)));
        for (int i = 0; i < taken.size(); i++) {
            assertThat(document(got.get(i)).text()).isEqualTo("text " + taken.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a!b  | {'text': ''}               | key    | must be 1 to 128 letters, digits, dots, hyphens or",
                "129  | {'text': ''}               | key    | must be 1 to 128 letters, digits, dots, hyphens or",
                "a    | {}                         | text   | must not be null",
                "a    | {'text': 5}                | text   | must be a text",
                "a    | {'text': '10001'}          | text   | must not be longer than 10000 characters",
                "a    | {'text': '\\ud800'}        | text   | must be valid Unicode",
                "a    | {'text': '', 'colour': ''} | colour | is not known",
            })
    void aBadFieldIsNamed(String key, String body, String field, String message) {
        Answer answer = client.put(
                        PATH + key.replace("129", "k".repeat(129)),
                        body.replace('\'', '"').replace("10001", "x".repeat(10_001)))
                .join();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("\"" + field + "\":\"" + message);
        assertThat(dynamoDb.requests("BatchWriteItem")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"''", "😀\\u0000\\n", "x10000"})
    void theExtremesAreStoredAsTheyAre(String text) {
        String sent = text.replace("x10000", "x".repeat(10_000));

        put(prefix + "k".repeat(120), sent).join();

        assertThat(document(client.get(PATH + prefix + "k".repeat(120)).join()).text())
                .isEqualTo(sent.replace("\\u0000\\n", "\u0000\n"));
    }

    @Test
    void aBadKeyIsNamedToWhoAsksForIt() {
        Answer answer = client.get(PATH + "a!b").join();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"key\":\"must be 1 to 128 letters");
    }

    private CompletableFuture<Answer> put(String key, String text) {
        return client.put(PATH + key, "{\"text\": \"" + text + "\"}");
    }

    private Document document(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return json.readValue(answer.body(), Document.class);
    }
}
