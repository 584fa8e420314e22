package io.asyncbatcher.sample.x;

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
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
@ActiveProfiles({"x", "standing-time"})
@Import({XServer.class, StandingTime.class})
class XTests {

    private static final String AGAIN = "X is not available; the request had no effect and can be sent again.";
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Autowired
    private AsyncBatcher<Long, Post> batcher;

    @Autowired
    private WireMockServer x;

    @Autowired
    private VirtualTime time;

    private Callers callers;

    @BeforeEach
    void everyLimitIsOver(@LocalServerPort int port) {
        XServer.reset(x);
        time.advance(Duration.ofHours(1));
        callers = new Callers(batcher, time, port);
    }

    @Test
    void manyLookUpsAreAFewCalls() {
        XServer.assertEachHasItsOwn(answers(callers.get(XServer.paths(250))));

        assertThat(XServer.calls(x)).containsExactlyInAnyOrder(100, 100, 50);
    }

    @Test
    void unbatchedEachIsACall() {
        with(
                options -> options.withMaxBatchSize(1),
                () -> XServer.assertEachHasItsOwn(answers(callers.get(XServer.paths(60)))));

        assertThat(XServer.calls(x)).hasSize(60).containsOnly(1);
    }

    @Test
    void aPostThatManyAskForIsLookedUpOnce() {
        XServer.assertEachHasItsOwn(answers(
                callers.get(IntStream.range(0, 40).mapToObj(i -> XServer.PATH + (i % 2 + 24)))));

        assertThat(XServer.calls(x)).containsExactly(2);
    }

    @Test
    void thoseThatTheAppMayNotSeeFailAlone() {
        List<HttpResponse<String>> answers =
                answers(callers.get(Stream.of("20", "21", "22", "25").map(XServer.PATH::concat)));

        XServer.assertEachHasItsOwn(List.of(answers.get(0), answers.get(3)));
        assertThat(answers.subList(1, 3))
                .allSatisfy(answer ->
                        assertProblem(answer, 404, "There is no such post, or the application may not see it."));
        assertThat(XServer.calls(x)).containsExactly(4);
    }

    @Test
    void whereNoneIsFoundThereAreOnlyErrors() {
        assertProblem(
                callers.get(Stream.of(XServer.PATH + "21")).get(0).join(),
                404,
                "There is no such post, or the application may not see it.");
    }

    @Test
    void whatXLeavesOutIsAskedForThreeTimes() {
        List<CompletableFuture<HttpResponse<String>>> requests =
                callers.get(Stream.of("20", "23").map(XServer.PATH::concat));

        XServer.assertEachHasItsOwn(List.of(requests.get(0).join()));
        for (int again = 0; again < 2; again++) {
            callers.awaitQueued(1);
            time.advance(SECOND);
        }
        assertProblem(requests.get(1).join(), 503, AGAIN);
        assertThat(XServer.calls(x)).containsExactly(2, 1, 1);
    }

    @Test
    void noMoreCallsAreMadeThanTheWindowAllows() {
        assertThat(batcher.options().rateLimit()).isEqualTo(new RateLimit(3_500, Duration.ofMinutes(15)));

        with(options -> options.withMaxBatchSize(1).withRateLimit(2, Duration.ofMinutes(15)), () -> {
            List<CompletableFuture<Post>> patient =
                    LongStream.of(24, 25, 26).mapToObj(batcher::process).toList();
            assertThat(patient.get(0)).succeedsWithin(SOON);
            assertThat(patient.get(1)).succeedsWithin(SOON);
            callers.awaitQueued(1);
            time.advance(Duration.ofMinutes(15).minusMillis(1));
            assertThat(XServer.calls(x)).hasSize(2);

            time.advance(Duration.ofMillis(1));
            assertThat(patient.get(2)).succeedsWithin(SOON);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "abc, must be a whole number",
        "1.5, must be a whole number",
        "9223372036854775808, must be a whole number",
        "0, must be positive",
        "-1, must be positive",
    })
    void anIdThatXCanNotHaveIsRejected(String id, String message) {
        HttpResponse<String> answer = callers.rejected(XServer.PATH + id);

        assertProblem(answer, 400, "The request is not valid.");
        assertThat(json(answer).path("errors").path("id").asString()).isEqualTo(message);
        assertThat(XServer.calls(x)).isEmpty();
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
