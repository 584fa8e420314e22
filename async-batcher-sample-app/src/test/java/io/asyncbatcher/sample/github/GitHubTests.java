package io.asyncbatcher.sample.github;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static io.asyncbatcher.sample.Callers.answers;
import static io.asyncbatcher.sample.Callers.assertProblem;
import static io.asyncbatcher.sample.Callers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.RateLimit;
import io.asyncbatcher.sample.Callers;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.StandingTime;
import io.asyncbatcher.testing.VirtualTime;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
@ActiveProfiles({"github", "standing-time"})
@Import({GitHubServer.class, StandingTime.class})
class GitHubTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Autowired
    private AsyncBatcher<RepositoryName, Repository> batcher;

    @Autowired
    private WireMockServer gitHub;

    @Autowired
    private VirtualTime time;

    private Callers callers;

    @BeforeEach
    void everyLimitIsOver(@LocalServerPort int port) {
        GitHubServer.reset(gitHub);
        time.advance(Duration.ofHours(1));
        callers = new Callers(batcher, time, port);
    }

    @Test
    void manyLookUpsAreAFewQueries() {
        GitHubServer.assertEachHasItsOwn(answers(callers.get(GitHubServer.paths(120))));

        assertThat(GitHubServer.aliases(gitHub))
                .hasSize(3)
                .allSatisfy(aliases -> assertThat(aliases).isLessThanOrEqualTo(50));
    }

    @Test
    void unbatchedEachIsAQuery() {
        BatcherOptions before = batcher.options();
        batcher.reconfigure(options -> options.withMaxBatchSize(1));
        try {
            GitHubServer.assertEachHasItsOwn(answers(callers.get(GitHubServer.paths(60))));
        } finally {
            batcher.reconfigure(options -> before);
        }
        assertThat(GitHubServer.aliases(gitHub)).hasSize(60);
    }

    @Test
    void aRepositoryThatManyAskForIsLookedUpOnce() {
        List<HttpResponse<String>> answers = answers(callers.get(IntStream.range(0, 40)
                .mapToObj(i -> GitHubServer.PATH + (i % 2 == 0 ? "spring/boot" : "Spring/Boot"))));

        assertThat(answers)
                .extracting(answer -> json(answer).path("nameWithOwner").asString())
                .containsOnly("spring/boot");
        assertThat(GitHubServer.aliases(gitHub)).containsExactly(1L);
    }

    @Test
    void oneThatIsMissingFailsAlone() {
        List<HttpResponse<String>> answers =
                answers(callers.get(Stream.of("a/b", "a/missing", "c/d").map(GitHubServer.PATH::concat)));

        GitHubServer.assertEachHasItsOwn(List.of(answers.get(0), answers.get(2)));
        assertProblem(answers.get(1), 404, "There is no such repository, or the application may not see it.");
        assertThat(GitHubServer.aliases(gitHub)).containsExactly(3L);
    }

    @Test
    void noNameBecomesAPartOfTheQuery() {
        batcher.pause();
        CompletableFuture<Repository> name = batcher.process(new RepositoryName("a", "b\") { id } viewer { login } #"));
        CompletableFuture<Repository> owner = batcher.process(new RepositoryName("$owner0", "missing"));
        batcher.resume();
        time.advance(batcher.options().maxQueueTime());

        assertThat(name)
                .succeedsWithin(SOON)
                .extracting(Repository::nameWithOwner)
                .isEqualTo("a/b\") { id } viewer { login } #");
        assertThat(owner).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(ItemRejectedException.class);
        assertThat(GitHubServer.queries(gitHub).get(0).path("query").asString())
                .contains("$owner0: String!")
                .doesNotContain("viewer");
    }

    @Test
    void whatGitHubLeftOutIsAskedForAgain() {
        GitHubServer.first(gitHub, okJson("""
                {"data": {"i0": {"nameWithOwner": "a/first", "stargazerCount": 7}, "i1": null, "i2": null},
                 "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["i1"], "message": "Resource limits exceeded."},
                            {"type": "NOT_FOUND", "path": ["i2"], "message": "Could not resolve to a Repository"}]}
                """));
        batcher.pause();
        CompletableFuture<Repository> answered = batcher.process(new RepositoryName("a", "first"));
        CompletableFuture<Repository> leftOut = batcher.process(new RepositoryName("a", "second"));
        CompletableFuture<Repository> missing = batcher.process(new RepositoryName("a", "third"));
        batcher.resume();
        time.advance(batcher.options().maxQueueTime());

        assertThat(answered)
                .succeedsWithin(SOON)
                .extracting(Repository::stargazerCount)
                .isEqualTo(7L);
        assertThat(missing).failsWithin(SOON);
        callers.awaitQueued(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(leftOut)
                .succeedsWithin(SOON)
                .extracting(Repository::nameWithOwner)
                .isEqualTo("a/second");
        assertThat(GitHubServer.aliases(gitHub)).containsExactly(3L, 1L);
    }

    @ParameterizedTest
    @CsvSource({
        "owner, a%22b/c, must be a name of a user or an organization",
        "owner, -a/c, must be a name of a user or an organization",
        "owner, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/c, must be a name of a user or an organization",
        "name, a/b%0A, must be a name of a repository",
        "name, a/%D0%B6, must be a name of a repository",
    })
    void aNameThatGitHubCanNotHaveIsRejected(String field, String path, String message) {
        HttpResponse<String> answer = callers.rejected(GitHubServer.PATH + path);

        assertProblem(answer, 400, "The request is not valid.");
        assertThat(json(answer).path("errors").path(field).asString()).isEqualTo(message);
        assertThat(GitHubServer.aliases(gitHub)).isEmpty();
    }

    @Test
    void theSettingsKeepTheLimits() {
        BatcherOptions options = batcher.options();

        assertThat(options.concurrency()).isEqualTo(1);
        assertThat(options.maxBatchSize()).isEqualTo(50);
        assertThat(options.rateLimit()).isEqualTo(new RateLimit(80, Duration.ofMinutes(1)));
    }
}
