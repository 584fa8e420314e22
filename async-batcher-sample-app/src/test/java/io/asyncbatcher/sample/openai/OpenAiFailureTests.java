package io.asyncbatcher.sample.openai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static io.asyncbatcher.sample.Callers.answers;
import static io.asyncbatcher.sample.Callers.assertProblem;
import static io.asyncbatcher.sample.Callers.assertRetryAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.Callers;
import io.asyncbatcher.sample.StandingTime;
import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.testing.VirtualTime;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/** Rate limits and failures, one after the other in one context: each is over when the next one comes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles({"openai", "standing-time"})
@Import({OpenAiServer.class, StandingTime.class})
@ExtendWith(OutputCaptureExtension.class)
class OpenAiFailureTests {

    private static final String AGAIN = "OpenAI is not available; the request had no effect and can be sent again.";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Autowired
    private AsyncBatcher<Text, float[]> batcher;

    @Autowired
    private WireMockServer openAi;

    @Autowired
    private VirtualTime time;

    @Autowired
    private ObjectProvider<Clock> clocks;

    private Callers callers;

    @BeforeEach
    void everyLimitIsOver(@LocalServerPort int port) {
        OpenAiServer.reset(openAi);
        time.advance(Duration.ofHours(1));
        callers = new Callers(batcher, time, port);
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after, 2, 2s",
        "retry-after-ms, 1500, 1.5s",
        "retry-after-ms, 1499.2, 1.5s",
        "retry-after, soon, 1s"
    })
    void aRateLimitIsWaitedFor(String header, String value, String wait) {
        OpenAiServer.first(openAi, tooMany().withHeader(header, value));

        List<CompletableFuture<HttpResponse<String>>> requests = embed("a", "b");
        callers.awaitQueued(2);
        time.advance(Duration.parse("PT" + wait).minusMillis(1));
        assertThat(requests).noneMatch(CompletableFuture::isDone);
        assertThat(OpenAiServer.requests(openAi)).hasSize(1);

        time.advance(Duration.ofMillis(1));
        OpenAiServer.assertEmbeds(requests.get(0).join(), "a");
        OpenAiServer.assertEmbeds(requests.get(1).join(), "b");
        assertThat(OpenAiServer.requests(openAi)).hasSize(2);
    }

    @Test
    void withoutATimeItWaitsTwiceAsLongEachTime() {
        openAi.stubFor(post("/v1/embeddings").atPriority(1).willReturn(tooMany()));

        CompletableFuture<float[]> patient = batcher.process(new Text("a"));
        time.advance(batcher.options().maxQueueTime());
        for (int seconds = 1; seconds <= 1_024; seconds *= 2) {
            callers.awaitQueued(1);
            int before = OpenAiServer.requests(openAi).size();
            Duration wait = Duration.ofSeconds(Math.min(seconds, 600));
            time.advance(wait.minusMillis(1));
            assertThat(OpenAiServer.requests(openAi)).hasSize(before);
            time.advance(Duration.ofMillis(1));
        }
        callers.awaitQueued(1);
        OpenAiServer.stub(openAi);
        time.advance(Duration.ofMinutes(10));
        assertThat(patient).succeedsWithin(Duration.ofSeconds(10));
        assertThat(OpenAiServer.requests(openAi)).hasSize(13);
    }

    @Test
    void whoCanNotWaitIsToldWhenToCome() {
        OpenAiServer.first(openAi, tooMany().withHeader("retry-after", "60"));

        CompletableFuture<HttpResponse<String>> early = embed("a").get(0);
        callers.awaitQueued(1);
        time.advance(Duration.ofSeconds(25));
        assertProblem(early.join(), 503, AGAIN);
        assertRetryAfter(early.join(), 36); // the caller's time began before the linger, and OpenAI's after it

        time.advance(Duration.ofSeconds(30));
        CompletableFuture<HttpResponse<String>> late = embed("b").get(0);
        assertThat(OpenAiServer.requests(openAi)).hasSize(1);
        time.advance(Duration.ofSeconds(5));
        OpenAiServer.assertEmbeds(late.join(), "b");
        assertThat(OpenAiServer.requests(openAi)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"insufficient_quota", "credit_balance_exhausted", "project_spend_limit_exceeded"})
    void aQuotaThatIsUsedUpIsNotWaitedFor(String code, CapturedOutput output) {
        OpenAiServer.first(openAi, okJson("""
                {"error": {"message": "You exceeded your current quota, please check your plan and billing details.",
                 "type": "insufficient_quota", "param": null, "code": "%s"}}
                """.formatted(code)).withStatus(429).withHeader("retry-after", "2"));

        HttpResponse<String> answer = embed("a").get(0).join();

        assertProblem(answer, 503, AGAIN);
        assertRetryAfter(answer, 60);
        assertThat(output).contains("429: the quota is used up");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aRejectedTokenIsNotTheCallersFault(int status, CapturedOutput output) {
        OpenAiServer.first(openAi, okJson("""
                {"error": {"message": "Incorrect API key provided: sk-s***et.", "type": "invalid_request_error",
                 "param": null, "code": "invalid_api_key"}}
                """).withStatus(status));

        HttpResponse<String> answer = embed("a").get(0).join();

        assertProblem(answer, 503, AGAIN);
        assertRetryAfter(answer, 60);
        assertThat(output)
                .contains(status + ": openai.token is rejected")
                .doesNotContain(OpenAiServer.TOKEN, "sk-s***et");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "secret\n", "secr\u00e9t"})
    void aTokenThatCanNotBeSentIsRejectedWithoutShowingIt(String token) {
        URI uri = URI.create("https://api.openai.com");

        assertThatThrownBy(() -> new OpenAiProperties(uri, token, "model", SECOND, SECOND))
                .hasMessage("openai.token must be set to a token, without spaces around it");
        assertThat(new OpenAiProperties(uri, "secret", "model", SECOND, SECOND))
                .asString()
                .doesNotContain("secret");
    }

    static Stream<ResponseDefinitionBuilder> failures() {
        return Stream.of(
                aResponse().withStatus(500).withBody("{\"error\": {\"type\": \"server_error\"}}"),
                aResponse().withStatus(502).withBody("<html>Bad gateway</html>"),
                okJson("{\"error\": {\"message\": \"Unknown parameter\"}}").withStatus(400),
                okJson("{\"data\": ["),
                okJson("{\"data\": []}"),
                okJson(
                        "{\"data\": [{\"index\": 0, \"embedding\": \"AACAPw==\"}, {\"index\": 9, \"embedding\": \"AACAPw==\"}]}"),
                okJson(
                        "{\"data\": [{\"index\": 0, \"embedding\": \"AACAPw==\"}, {\"index\": 1, \"embedding\": \"&\"}]}"),
                okJson("{\"data\": [{\"index\": 0, \"embedding\": \"AACAPw==\"}, {\"index\": 1}]}"),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfOpenAisIsAnsweredAsSuchAndGoesBy(ResponseDefinitionBuilder failure) {
        OpenAiServer.first(openAi, failure);

        assertThat(answers(embed("a", "b"))).allSatisfy(answer -> {
            assertProblem(answer, 503, AGAIN);
            assertRetryAfter(answer, 1);
        });
        OpenAiServer.assertEmbeds(embed("a").get(0).join(), "a");
    }

    @Test
    void anOverloadedOpenAiSaysWhenToCome() {
        OpenAiServer.first(openAi, aResponse().withStatus(503).withHeader("retry-after", "7"));

        assertRetryAfter(embed("a").get(0).join(), 7);
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLong() {
        OpenAiServer.first(openAi, okJson("{}").withFixedDelay(5_000));
        OpenAiApi impatient = new OpenAiApi(
                new OpenAiProperties(URI.create(openAi.baseUrl()), "token", "model", SECOND, Duration.ofMillis(200)),
                clocks);

        assertThatThrownBy(() -> impatient.embeddings(List.of("a")))
                .isInstanceOf(SystemUnavailableException.class)
                .hasRootCauseInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void itGoesOnWhenOpenAiIsBack() {
        openAi.stop();
        try {
            assertThat(answers(embed("a", "b"))).allSatisfy(answer -> assertProblem(answer, 503, AGAIN));
        } finally {
            openAi.start();
        }
        OpenAiServer.assertEmbeds(embed("a").get(0).join(), "a");
    }

    private List<CompletableFuture<HttpResponse<String>>> embed(String... texts) {
        return callers.post(OpenAiServer.PATH, Stream.of(texts).map(OpenAiServer::body));
    }

    private static ResponseDefinitionBuilder tooMany() {
        return okJson("""
                {"error": {"message": "Rate limit reached for text-embedding-3-small on tokens per min (TPM)",
                 "type": "tokens", "param": null, "code": "rate_limit_exceeded"}}
                """).withStatus(429);
    }
}
