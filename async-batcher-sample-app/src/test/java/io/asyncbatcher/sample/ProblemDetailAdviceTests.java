package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The answers to what a batcher rejects, with the rejections of a real one. */
class ProblemDetailAdviceTests {

    @Test
    void aFullQueueAsksToComeAgain() {
        AsyncBatcher<String, String> full = AsyncBatcher.<String, String>builder(items -> items)
                .maxQueueSize(1)
                .build();
        full.pause();
        assertThat(full.process("first")).isNotDone();

        assertThat(answer(full.process("second")))
                .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                .bodyJson()
                .extractingPath("$.detail")
                .isEqualTo("Too busy; the request had no effect and can be sent again.");
        full.stop(true).join();
    }

    @Test
    void aStoppedBatcherAsksToComeAgain() {
        AsyncBatcher<String, String> stopped =
                AsyncBatcher.<String, String>builder(items -> items).build();
        stopped.stop(false).join();

        assertThat(answer(stopped.process("late")))
                .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                .bodyJson()
                .extractingPath("$.detail")
                .isEqualTo("Shutting down; the request had no effect and can be sent again.");
    }

    @Test
    void whatMayHaveRunIsNotToBeSentAgain() {
        CompletableFuture<Void> running = new CompletableFuture<>();
        AsyncBatcher<String, String> batcher = AsyncBatcher.builder((BatchProcessor<String, String>) items -> {
                    running.complete(null);
                    new CompletableFuture<Void>().get();
                    return items;
                })
                .maxBatchSize(1)
                .build();
        CompletableFuture<String> inFlight = batcher.process("in flight");
        running.join();
        batcher.stop(true).join();

        assertThat(answer(inFlight))
                .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                .doesNotContainHeader(HttpHeaders.RETRY_AFTER)
                .bodyJson()
                .extractingPath("$.detail")
                .isEqualTo("The processing was cut off; whether the request took effect is not known.");
    }

    @Test
    void aBrokenProcessorIsTheServersFault() {
        AsyncBatcher<String, String> broken = AsyncBatcher.<String, String>builder(items -> List.of())
                .maxBatchSize(1)
                .build();

        assertThat(answer(broken.process("any"))).satisfies(ProblemDetailAdviceTests::isServerErrorWithoutInternals);
    }

    @Test
    void aLostConnectionLeavesOpenWhetherTheRowIsThere() {
        assertThat(answer(CompletableFuture.failedFuture(new DataAccessResourceFailureException("secret host"))))
                .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                .doesNotContainHeader(HttpHeaders.RETRY_AFTER)
                .bodyJson()
                .extractingPath("$.detail")
                .isEqualTo("The database is not available; whether the request took effect is not known.");
    }

    @Test
    void whatTheDatabaseSaysStaysInside() {
        assertThat(answer(CompletableFuture.failedFuture(
                        new CompletionException(new DataIntegrityViolationException("secret row")))))
                .satisfies(ProblemDetailAdviceTests::isServerErrorWithoutInternals);
    }

    private static void isServerErrorWithoutInternals(MvcTestResult answer) {
        assertThat(answer)
                .hasStatus(HttpStatus.INTERNAL_SERVER_ERROR)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyJson()
                .isStrictlyEqualTo("""
                        {"status": 500, "title": "Internal Server Error", "detail": "The request failed.", \
                        "instance": "/"}
                        """);
    }

    private static MvcTestResult answer(CompletableFuture<String> future) {
        return MockMvcTester.of(
                        List.of(new Anything(future)),
                        builder -> builder.setControllerAdvice(new ProblemDetailAdvice())
                                .build())
                .get()
                .uri("/")
                .exchange();
    }

    @RestController
    record Anything(CompletableFuture<String> future) {

        @GetMapping("/")
        CompletableFuture<String> get() {
            return future;
        }
    }
}
