package io.asyncbatcher.sample.openai;

import static io.asyncbatcher.sample.Callers.answers;
import static io.asyncbatcher.sample.Callers.assertProblem;
import static io.asyncbatcher.sample.Callers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.RateLimit;
import io.asyncbatcher.sample.Callers;
import io.asyncbatcher.sample.StandingTime;
import io.asyncbatcher.testing.VirtualTime;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
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

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles({"openai", "standing-time"})
@Import({OpenAiServer.class, StandingTime.class})
class OpenAiTests {

    @Autowired
    private AsyncBatcher<Text, float[]> batcher;

    @Autowired
    private WireMockServer openAi;

    @Autowired
    private VirtualTime time;

    private Callers callers;

    @BeforeEach
    void everyLimitIsOver(@LocalServerPort int port) {
        OpenAiServer.reset(openAi);
        time.advance(Duration.ofHours(1));
        callers = new Callers(batcher, time, port);
    }

    @Test
    void manyTextsAreAFewRequests() {
        List<String> texts = texts(300);

        assertEachHasItsOwn(texts, embed(texts));
        assertThat(OpenAiServer.requests(openAi)).extracting(List::size).containsExactlyInAnyOrder(256, 44);
    }

    @Test
    void unbatchedEachIsARequest() {
        List<String> texts = texts(60);

        with(options -> options.withMaxBatchSize(1), () -> assertEachHasItsOwn(texts, embed(texts)));
        assertThat(OpenAiServer.requests(openAi)).hasSize(60);
    }

    @Test
    void equalTextsAreEmbeddedOnce() {
        List<String> texts = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? "even" : "odd")
                .toList();

        assertEachHasItsOwn(texts, embed(texts));
        assertThat(OpenAiServer.requests(openAi))
                .singleElement()
                .satisfies(request -> assertThat(request).containsExactlyInAnyOrder("even", "odd"));
    }

    @Test
    void noRequestHasMoreTokensThanOpenAiTakes() {
        List<String> texts =
                IntStream.range(0, 80).mapToObj(i -> i + " hello".repeat(5_000)).toList();

        assertEachHasItsOwn(texts, embed(texts));
        assertThat(OpenAiServer.requests(openAi))
                .hasSize(2)
                .allSatisfy(request -> assertThat(
                                request.stream().mapToInt(OpenAiModel::tokens).sum())
                        .isLessThanOrEqualTo(300_000));
    }

    @Test
    void theLongestTextThatOpenAiTakesIsTaken() {
        String longest = " hello".repeat(8_192);

        assertEachHasItsOwn(List.of(longest), embed(List.of(longest)));
    }

    @Test
    void aLongerOneIsRejectedBeforeItHasNeighbours() {
        HttpResponse<String> answer = callers.rejected(OpenAiServer.PATH, OpenAiServer.body(" hello".repeat(8_193)));

        assertProblem(answer, 413, "The text has 8,193 tokens; at most 8,192 are taken.");
        assertThat(OpenAiServer.requests(openAi)).isEmpty();
    }

    @Test
    void oneThatNoBatchCanHoldIsRejectedToo() {
        with(
                options -> options.withMaxBatchWeight(100),
                () -> assertProblem(
                        callers.rejected(OpenAiServer.PATH, OpenAiServer.body(" hello".repeat(101))),
                        413,
                        "The request is larger than a whole batch may be."));
    }

    @Test
    void aTextThatOpenAiDoesNotTakeFailsAlone() {
        List<String> texts = List.of("a", "b", "c", "d ⛔", "e", "f", "g", "h");

        List<HttpResponse<String>> answers = embed(texts);

        assertProblem(answers.get(3), 422, "OpenAI doesn't take this text.");
        assertEachHasItsOwn(texts.subList(0, 3), answers.subList(0, 3));
        assertEachHasItsOwn(texts.subList(4, 8), answers.subList(4, 8));
        assertThat(OpenAiServer.requests(openAi)).hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void whateverIsWrittenIsEmbeddedAsItIs() {
        List<String> texts = List.of("\"quoted\" \\ {}\n\t", "😀 ж 中文 \u0001", "<|endoftext|>", "null");

        assertEachHasItsOwn(texts, embed(texts));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                          | text  | must not be blank",
                "{\"text\": null}            | text  | must not be blank",
                "{\"text\": \" \\n\"}        | text  | must not be blank",
                "{\"text\": 5}               | text  | must be a text",
                "{\"text\": [\"a\", \"b\"]}  | text  | must be a text",
                "{\"text\": \"a\\u0000b\"}   | text  | must not contain U+0000 or half a surrogate pair",
                "{\"text\": \"\\ud83d\"}     | text  | must not contain U+0000 or half a surrogate pair",
                "{\"text\": \"LONG\"}        | text  | must not be longer than 65536 characters",
                "{\"text\": \"a\", \"model\": \"b\"} | model | is not known",
            })
    void aTextThatCanNotBeEmbeddedIsRejected(String body, String field, String message) {
        HttpResponse<String> answer =
                callers.rejected(OpenAiServer.PATH, body.replace("LONG", "\\u0061".repeat(65_537)));

        assertProblem(answer, 400, "The request is not valid.");
        assertThat(json(answer).path("errors").path(field).asString()).isEqualTo(message);
        assertThat(OpenAiServer.requests(openAi)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"[], The body must be a JSON object.", "{, 'The body is not valid JSON (line 1, column 2).'"})
    void aBodyThatIsNoObjectIsRejected(String body, String detail) {
        assertProblem(callers.rejected(OpenAiServer.PATH, body), 400, detail);
    }

    @Test
    void aHugeBodyIsRejectedUnread() {
        assertProblem(
                callers.rejected(OpenAiServer.PATH, OpenAiServer.body("x".repeat(600_000))),
                400,
                "The body is too large or too deep.");
    }

    @Test
    void theSettingsKeepTheLimits() {
        BatcherOptions options = batcher.options();

        assertThat(options.maxBatchSize()).isLessThanOrEqualTo(2_048);
        assertThat(options.maxBatchWeight()).isEqualTo(300_000);
        assertThat(options.rateLimit()).isEqualTo(new RateLimit(3_000, Duration.ofMinutes(1)));
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "Text number " + i).toList();
    }

    private List<HttpResponse<String>> embed(List<String> texts) {
        return answers(callers.post(OpenAiServer.PATH, texts.stream().map(OpenAiServer::body)));
    }

    private static void assertEachHasItsOwn(List<String> texts, List<HttpResponse<String>> answers) {
        assertThat(answers).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            OpenAiServer.assertEmbeds(answers.get(i), texts.get(i));
        }
    }

    private void with(UnaryOperator<BatcherOptions> change, Runnable test) {
        BatcherOptions before = batcher.options();
        batcher.reconfigure(change);
        try {
            test.run();
        } finally {
            batcher.reconfigure(options -> before);
        }
    }
}
