package io.asyncbatcher.sample.github;

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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
@ActiveProfiles({"github", "standing-time"})
@Import({GitHubServer.class, StandingTime.class})
@ExtendWith(OutputCaptureExtension.class)
class GitHubFailureTests {

    private static final String AGAIN = "GitHub is not available; the request had no effect and can be sent again.";

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Autowired
    private AsyncBatcher<RepositoryName, Repository> batcher;

    @Autowired
    private WireMockServer gitHub;

    @Autowired
    private VirtualTime time;

    @Autowired
    private Clock clock;

    @Autowired
    private ObjectProvider<Clock> clocks;

    private Callers callers;

    @BeforeEach
    void everyLimitIsOver(@LocalServerPort int port) {
        GitHubServer.reset(gitHub);
        time.advance(Duration.ofHours(1).minusMillis(clock.millis() % 1_000)); // resets are whole seconds
        callers = new Callers(batcher, time, port);
    }

    static Stream<ResponseDefinitionBuilder> rejections() {
        return Stream.of(
                okJson("{\"errors\": [{\"message\": \"You have exceeded a secondary rate limit.\"}], \"data\": null}"),
                okJson("{\"message\": \"You have exceeded a secondary rate limit.\"}")
                        .withStatus(403),
                aResponse().withStatus(403).withBody("<html>"),
                aResponse().withStatus(429));
    }

    @ParameterizedTest
    @MethodSource("rejections")
    void aSecondaryRateLimitIsWaitedFor(ResponseDefinitionBuilder rejection) {
        GitHubServer.first(gitHub, rejection.withHeader("retry-after", "5"));

        assertTheyWaitFiveSeconds();
    }

    @Test
    void theEndOfTheHoursPointsIsWaitedFor() {
        GitHubServer.first(
                gitHub,
                okJson(
                                "{\"errors\": [{\"type\": \"RATE_LIMITED\", \"message\": \"API rate limit exceeded for user\"}]}")
                        .withHeader("x-ratelimit-remaining", "0")
                        .withHeader("x-ratelimit-reset", epochSecondIn(5)));

        assertTheyWaitFiveSeconds();
    }

    private void assertTheyWaitFiveSeconds() {
        List<CompletableFuture<HttpResponse<String>>> requests = callers.get(GitHubServer.paths(3));
        callers.awaitQueued(3);
        time.advance(Duration.ofMillis(4_900));
        assertThat(requests).noneMatch(CompletableFuture::isDone);
        assertThat(GitHubServer.aliases(gitHub)).hasSize(1);

        time.advance(Duration.ofMillis(100));
        GitHubServer.assertEachHasItsOwn(answers(requests));
        assertThat(GitHubServer.aliases(gitHub)).hasSize(2);
    }

    @Test
    void whoCanNotWaitIsToldWhenToCome() {
        GitHubServer.first(
                gitHub,
                okJson("{\"message\": \"API rate limit exceeded\"}")
                        .withStatus(403)
                        .withHeader("x-ratelimit-remaining", "0")
                        .withHeader("x-ratelimit-reset", epochSecondIn(300)));

        List<CompletableFuture<HttpResponse<String>>> early = callers.get(GitHubServer.paths(2));
        callers.awaitQueued(2);
        time.advance(Duration.ofSeconds(20));
        assertThat(answers(early)).allSatisfy(answer -> {
            assertProblem(answer, 503, AGAIN);
            assertRetryAfter(answer, 280);
        });

        List<CompletableFuture<HttpResponse<String>>> late = callers.get(GitHubServer.paths(1));
        time.advance(Duration.ofSeconds(20));
        assertRetryAfter(late.get(0).join(), 260);
        assertThat(GitHubServer.aliases(gitHub)).hasSize(1);

        time.advance(Duration.ofSeconds(260));
        GitHubServer.assertEachHasItsOwn(answers(callers.get(GitHubServer.paths(2))));
    }

    @Test
    void withoutATimeItWaitsAMinuteAndThenTwo() {
        gitHub.stubFor(post("/graphql").atPriority(1).willReturn(aResponse().withStatus(429)));

        CompletableFuture<Repository> patient = batcher.process(new RepositoryName("a", "b"));
        time.advance(batcher.options().maxQueueTime());
        callers.awaitQueued(1);
        time.advance(Duration.ofSeconds(60));
        callers.awaitQueued(1);
        assertThat(GitHubServer.aliases(gitHub)).hasSize(2);
        GitHubServer.stub(gitHub);
        time.advance(Duration.ofSeconds(119));
        assertThat(patient).isNotDone();

        time.advance(Duration.ofSeconds(1));
        assertThat(patient).succeedsWithin(Duration.ofSeconds(10));
        assertThat(GitHubServer.aliases(gitHub)).hasSize(3);
    }

    @Test
    void aRejectedTokenIsNotTheCallersFault(CapturedOutput output) {
        GitHubServer.first(gitHub, okJson("{\"message\": \"Bad credentials\"}").withStatus(401));

        HttpResponse<String> answer = callers.get(GitHubServer.paths(1)).get(0).join();

        assertProblem(answer, 503, AGAIN);
        assertRetryAfter(answer, 60);
        assertThat(output)
                .contains("GitHub failed: ", "401: github.token is rejected")
                .doesNotContain(GitHubServer.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "secret\n", "secr\u00e9t"})
    void aTokenThatCanNotBeSentIsRejectedWithoutShowingIt(String token) {
        assertThatThrownBy(() -> new GitHubProperties(URI.create("https://api.github.com"), token, SECOND, SECOND))
                .hasMessage("github.token must be set to a token, without spaces around it");
        assertThat(new GitHubProperties(URI.create("https://api.github.com"), "secret", SECOND, SECOND))
                .asString()
                .doesNotContain("secret");
    }

    static Stream<ResponseDefinitionBuilder> failures() {
        return Stream.of(
                aResponse().withStatus(502).withBody("<html><h1>Whoa there!</h1></html>"),
                aResponse().withStatus(500),
                okJson("{\"data\": {\"i0\": {\"nameWithOwner\""),
                okJson("{\"data\": {\"i0\": \"" + "x".repeat(2_000_000) + "\"}}"),
                okJson("{\"errors\": [{\"message\": \"Something went wrong\"}], \"data\": null}"),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfGitHubsIsAnsweredAsSuchAndGoesBy(ResponseDefinitionBuilder failure) {
        GitHubServer.first(gitHub, failure);

        assertThat(answers(callers.get(GitHubServer.paths(3)))).allSatisfy(answer -> {
            assertProblem(answer, 503, AGAIN);
            assertRetryAfter(answer, 1);
        });
        GitHubServer.assertEachHasItsOwn(answers(callers.get(GitHubServer.paths(3))));
        assertThat(GitHubServer.aliases(gitHub)).hasSize(2);
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLong() {
        GitHubServer.first(gitHub, okJson("{}").withFixedDelay(5_000));
        GitHubApi impatient = new GitHubApi(
                new GitHubProperties(URI.create(gitHub.baseUrl()), "token", SECOND, Duration.ofMillis(200)), clocks);

        assertThatThrownBy(() -> impatient.query("{ viewer { login } }", Map.of()))
                .isInstanceOf(SystemUnavailableException.class)
                .hasRootCauseInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void itGoesOnWhenGitHubIsBack() {
        gitHub.stop();
        try {
            assertThat(answers(callers.get(GitHubServer.paths(2))))
                    .allSatisfy(answer -> assertProblem(answer, 503, AGAIN));
        } finally {
            gitHub.start();
        }
        GitHubServer.assertEachHasItsOwn(answers(callers.get(GitHubServer.paths(2))));
    }

    private String epochSecondIn(int seconds) {
        return Long.toString(clock.instant().getEpochSecond() + seconds);
    }
}
