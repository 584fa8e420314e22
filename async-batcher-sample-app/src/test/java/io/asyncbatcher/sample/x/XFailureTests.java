package io.asyncbatcher.sample.x;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
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
@ActiveProfiles({"x", "standing-time"})
@Import({XServer.class, StandingTime.class})
@ExtendWith(OutputCaptureExtension.class)
class XFailureTests {

    private static final String AGAIN = "X is not available; the request had no effect and can be sent again.";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Autowired
    private AsyncBatcher<Long, Post> batcher;

    @Autowired
    private WireMockServer x;

    @Autowired
    private VirtualTime time;

    @Autowired
    private Clock clock;

    @Autowired
    private ObjectProvider<Clock> clocks;

    private Callers callers;

    @BeforeEach
    void everyLimitIsOver(@LocalServerPort int port) {
        XServer.reset(x);
        time.advance(Duration.ofHours(1).minusMillis(clock.millis() % 1_000)); // resets are whole seconds
        callers = new Callers(batcher, time, port);
    }

    @Test
    void theNextWindowIsWaitedFor() {
        XServer.first(x, tooMany().withHeader("x-rate-limit-reset", epochSecondIn(5)));

        List<CompletableFuture<HttpResponse<String>>> requests = callers.get(XServer.paths(3));
        callers.awaitQueued(3);
        time.advance(Duration.ofMillis(4_900));
        assertThat(requests).noneMatch(CompletableFuture::isDone);
        assertThat(XServer.calls(x)).hasSize(1);

        time.advance(Duration.ofMillis(100));
        XServer.assertEachHasItsOwn(answers(requests));
        assertThat(XServer.calls(x)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"-100, 1s", "'', 1m", "soon, 1m", "86400, 15m"})
    void aResetThatMakesNoSenseIsNotBelieved(String reset, String wait) {
        String header = reset.matches("-?\\d+") ? epochSecondIn(Integer.parseInt(reset)) : reset;
        XServer.first(x, tooMany().withHeader("x-rate-limit-reset", header));

        CompletableFuture<Post> patient = batcher.process(20L);
        time.advance(batcher.options().maxQueueTime());
        callers.awaitQueued(1);
        time.advance(Duration.parse("PT" + wait).minusMillis(1));
        assertThat(patient).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(patient).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void whoCanNotWaitIsToldWhenTheNextWindowComes() {
        XServer.first(x, tooMany().withHeader("x-rate-limit-reset", epochSecondIn(600)));

        List<CompletableFuture<HttpResponse<String>>> early = callers.get(XServer.paths(2));
        callers.awaitQueued(2);
        time.advance(Duration.ofSeconds(20));
        assertThat(answers(early)).allSatisfy(answer -> {
            assertProblem(answer, 503, AGAIN);
            assertRetryAfter(answer, 580);
        });

        CompletableFuture<HttpResponse<String>> late =
                callers.get(XServer.paths(1)).get(0);
        time.advance(Duration.ofSeconds(20));
        assertRetryAfter(late.join(), 560);
        assertThat(XServer.calls(x)).hasSize(1);

        time.advance(Duration.ofSeconds(560));
        XServer.assertEachHasItsOwn(answers(callers.get(XServer.paths(2))));
    }

    @Test
    void theMonthsCapIsNotWaitedFor(CapturedOutput output) {
        XServer.first(x, okJson("""
                {"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap", "account_id": 1,
                 "type": "https://api.twitter.com/2/problems/usage-capped", "period": "Monthly", "scope": "Product"}
                """).withStatus(429).withHeader("x-rate-limit-reset", epochSecondIn(5)));

        HttpResponse<String> answer = callers.get(XServer.paths(1)).get(0).join();

        assertProblem(answer, 503, AGAIN);
        assertRetryAfter(answer, 60);
        assertThat(output).contains("429: the usage cap is reached");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aRejectedTokenIsNotTheCallersFault(int status, CapturedOutput output) {
        XServer.first(
                x,
                okJson("{\"title\": \"Unauthorized\", \"type\": \"about:blank\"}")
                        .withStatus(status));

        HttpResponse<String> answer = callers.get(XServer.paths(1)).get(0).join();

        assertProblem(answer, 503, AGAIN);
        assertRetryAfter(answer, 60);
        assertThat(output).contains(status + ": x.token is rejected").doesNotContain(XServer.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "secret\n", "secr\u00e9t"})
    void aTokenThatCanNotBeSentIsRejectedWithoutShowingIt(String token) {
        URI uri = URI.create("https://api.x.com");

        assertThatThrownBy(() -> new XProperties(uri, token, SECOND, SECOND))
                .hasMessage("x.token must be set to a token, without spaces around it");
        assertThat(new XProperties(uri, "secret", SECOND, SECOND)).asString().doesNotContain("secret");
    }

    static Stream<ResponseDefinitionBuilder> failures() {
        return Stream.of(
                aResponse().withStatus(503).withBody("<html>over capacity</html>"),
                okJson("{\"title\": \"Invalid Request\"}").withStatus(400),
                okJson("{\"data\": [{\"id\": "),
                okJson("{}"),
                okJson("{\"data\": [{\"id\": \"" + "x".repeat(5_000_000) + "\"}]}"),
                aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfXsIsAnsweredAsSuchAndGoesBy(ResponseDefinitionBuilder failure) {
        XServer.first(x, failure);

        assertThat(answers(callers.get(XServer.paths(3)))).allSatisfy(answer -> {
            assertProblem(answer, 503, AGAIN);
            assertRetryAfter(answer, 1);
        });
        XServer.assertEachHasItsOwn(answers(callers.get(XServer.paths(3))));
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLong() {
        XServer.first(x, okJson("{}").withFixedDelay(5_000));
        XApi impatient =
                new XApi(new XProperties(URI.create(x.baseUrl()), "token", SECOND, Duration.ofMillis(200)), clocks);

        assertThatThrownBy(() -> impatient.posts(List.of(20L)))
                .isInstanceOf(SystemUnavailableException.class)
                .hasRootCauseInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void itGoesOnWhenXIsBack() {
        x.stop();
        try {
            assertThat(answers(callers.get(XServer.paths(2)))).allSatisfy(answer -> assertProblem(answer, 503, AGAIN));
        } finally {
            x.start();
        }
        XServer.assertEachHasItsOwn(answers(callers.get(XServer.paths(2))));
    }

    private static ResponseDefinitionBuilder tooMany() {
        return okJson("{\"title\": \"Too Many Requests\", \"type\": \"about:blank\", \"status\": 429}")
                .withStatus(429);
    }

    private String epochSecondIn(int seconds) {
        return Long.toString(clock.instant().getEpochSecond() + seconds);
    }
}
