package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** The exception in an application that has copied it without the sample's advice. */
class SystemUnavailableExceptionTests {

    @Test
    void itIsItsOwnResponse() {
        assertThat(answer(new SystemUnavailableException("Kafka", Duration.ofMillis(1_001), new Exception()), "/a"))
                .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                .hasHeader(HttpHeaders.RETRY_AFTER, "2")
                .bodyJson()
                .extractingPath("$.detail")
                .isEqualTo("Kafka is not available; the request had no effect and can be sent again.");
    }

    @Test
    void theRequestsOfABatchShareItButNotTheirPaths() {
        SystemUnavailableException shared = new SystemUnavailableException("Kafka", false, new Exception());

        for (String path : List.of("/a", "/b")) {
            assertThat(answer(shared, path))
                    .doesNotContainHeader(HttpHeaders.RETRY_AFTER)
                    .bodyJson()
                    .extractingPath("$.instance")
                    .isEqualTo(path);
        }
    }

    private static MvcTestResult answer(RuntimeException failure, String path) {
        return MockMvcTester.of(
                        List.of(new Failing(failure)),
                        builder -> builder.setControllerAdvice(new ProblemDetails())
                                .build())
                .get()
                .uri(path)
                .exchange();
    }

    /** What Spring Boot sets up where {@code spring.mvc.problemdetails.enabled} is true. */
    @RestControllerAdvice
    static final class ProblemDetails extends ResponseEntityExceptionHandler {}

    @RestController
    record Failing(RuntimeException failure) {

        @GetMapping({"/a", "/b"})
        CompletableFuture<String> get() {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
