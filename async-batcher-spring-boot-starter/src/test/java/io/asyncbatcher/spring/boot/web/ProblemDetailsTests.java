package io.asyncbatcher.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.spring.BatcherProblems;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.reactive.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.test.json.JsonContent;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** The responses to failures raised by a batcher, over both web stacks, with the failures of real batchers. */
class ProblemDetailsTests {

    private static final String AGAIN = "; the request had no effect and can be sent again.";
    private static final String UNKNOWN = "; whether the request took effect is not known.";
    private static final String ITEM = "secret item";

    /** What a batcher fails an item with. */
    enum Kind {
        FULL(503, "Too busy" + AGAIN, null),
        STOPPED(503, "Shutting down" + AGAIN, null),
        EXPIRED(504, "Not done in time" + AGAIN, null),
        EXPIRED_IN_FLIGHT(504, "Not done in time" + UNKNOWN, null),
        TOO_HEAVY(413, "The request is larger than a whole batch may be.", null),
        ABORTED(503, "The processing was cut off" + UNKNOWN, null),
        RATE_LIMITED(503, "Too busy; the request can be sent again later.", "2");

        private final int status;
        private final String detail;
        private final String retryAfter;

        Kind(int status, String detail, String retryAfter) {
            this.status = status;
            this.detail = detail;
            this.retryAfter = retryAfter;
        }

        CompletableFuture<String> failure() {
            VirtualTime time = new VirtualTime();
            AsyncBatcher.Builder<String, String> builder = this == RATE_LIMITED
                    ? AsyncBatcher.builder(BatchProcessor.withOutcomes(
                            items -> List.of(Outcome.failure(new RateLimitedException(Duration.ofMillis(1_500))))))
                    : AsyncBatcher.asyncBuilder(items -> new CompletableFuture<>());
            AsyncBatcher<String, String> batcher = builder.maxBatchSize(1)
                    .maxQueueSize(1)
                    .maxBatchWeight(1, item -> this == TOO_HEAVY ? 2 : 1)
                    .executor(Runnable::run)
                    .time(time)
                    .build();
            return switch (this) {
                case FULL -> {
                    batcher.pause();
                    batcher.process(ITEM);
                    yield batcher.process(ITEM);
                }
                case STOPPED -> {
                    batcher.stop(true);
                    yield batcher.process(ITEM);
                }
                case EXPIRED -> batcher.process(ITEM, Duration.ZERO);
                case EXPIRED_IN_FLIGHT -> {
                    CompletableFuture<String> inFlight = batcher.process(ITEM, Duration.ofMillis(1));
                    time.advanceMillis(1);
                    yield inFlight;
                }
                case ABORTED -> {
                    CompletableFuture<String> inFlight = batcher.process(ITEM);
                    batcher.stop(true);
                    yield inFlight;
                }
                case TOO_HEAVY, RATE_LIMITED -> batcher.process(ITEM);
            };
        }
    }

    /** How a controller hands a failure on. */
    enum Way {
        RETURNED,
        JOINED,
        GOT
    }

    @ResponseStatus(HttpStatus.NOT_FOUND)
    static final class NoSuchPriceException extends RuntimeException {

        private static final long serialVersionUID = 1;

        NoSuchPriceException(Throwable cause) {
            super(cause);
        }
    }

    @RestController
    static class Prices {

        @GetMapping("/RETURNED/{kind}")
        CompletableFuture<String> returned(@PathVariable Kind kind) {
            return kind.failure();
        }

        @GetMapping("/JOINED/{kind}")
        String joined(@PathVariable Kind kind) {
            return kind.failure().thenApply(price -> price).join();
        }

        @GetMapping("/GOT/{kind}")
        String got(@PathVariable Kind kind) throws ExecutionException, InterruptedException {
            return kind.failure().get();
        }

        /** The application's exception, which has a status of its own. */
        @GetMapping("/wrapped")
        CompletableFuture<String> wrapped() {
            return Kind.FULL.failure().exceptionally(failure -> {
                throw new NoSuchPriceException(failure);
            });
        }

        @GetMapping("/broken")
        CompletableFuture<String> broken() {
            return AsyncBatcher.<String, String>builder(items -> List.of())
                    .executor(Runnable::run)
                    .maxBatchSize(1)
                    .build()
                    .process(ITEM);
        }
    }

    private static final WebApplicationContextRunner MVC = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    BatcherAutoConfiguration.class,
                    DispatcherServletAutoConfiguration.class,
                    HttpMessageConvertersAutoConfiguration.class,
                    JacksonAutoConfiguration.class,
                    WebMvcAutoConfiguration.class))
            .withBean(Prices.class);

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        BatcherAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        WebFluxAutoConfiguration.class
    })
    @Import(Prices.class)
    static class ReactiveApplication {}

    /** One for all tests of WebFlux. */
    private static final class Reactive {

        static final AnnotationConfigReactiveWebApplicationContext CONTEXT =
                new AnnotationConfigReactiveWebApplicationContext(ReactiveApplication.class);
        static final WebTestClient CLIENT =
                WebTestClient.bindToApplicationContext(CONTEXT).build();
    }

    @AfterAll
    static void close() {
        Reactive.CONTEXT.close();
    }

    private static MvcTestResult get(WebApplicationContext context, String path) {
        return MockMvcTester.from(context).get().uri(path).exchange();
    }

    private static String json(Kind kind, String path) {
        String title = HttpStatus.valueOf(kind.status).getReasonPhrase();
        return """
                {"status": %d, "title": "%s", "detail": "%s", "instance": "%s"}
                """.formatted(kind.status, title, kind.detail, path);
    }

    @Test
    void springMvcRespondsToEveryKindHoweverItComes() {
        MVC.run(context -> {
            for (Kind kind : Kind.values()) {
                for (Way way : Way.values()) {
                    String path = "/" + way + "/" + kind;
                    MvcTestResult result = get(context, path);

                    assertThat(result)
                            .as(path)
                            .hasStatus(kind.status)
                            .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                            .bodyJson()
                            .isStrictlyEqualTo(json(kind, path));
                    assertThat(result.getResponse().getHeader("Retry-After"))
                            .as(path)
                            .isEqualTo(kind.retryAfter);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void webFluxRespondsToEveryKindHoweverItComes(Kind kind) {
        for (Way way : Way.values()) {
            String path = "/" + way + "/" + kind;
            EntityExchangeResult<String> result = Reactive.CLIENT
                    .get()
                    .uri(path)
                    .exchange()
                    .expectBody(String.class)
                    .returnResult();

            assertThat(result.getStatus().value()).as(path).isEqualTo(kind.status);
            assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
            assertThat(result.getResponseHeaders().getFirst("Retry-After")).isEqualTo(kind.retryAfter);
            assertThat(new JsonContent(result.getResponseBody())).isStrictlyEqualTo(json(kind, path));
        }
    }

    @Test
    void whatTheApplicationWrapsKeepsItsOwnStatus() {
        MVC.run(context -> assertThat(get(context, "/wrapped")).hasStatus(HttpStatus.NOT_FOUND));
        Reactive.CLIENT.get().uri("/wrapped").exchange().expectStatus().isNotFound();
    }

    @Test
    void aProcessorThatBreaksItsContractIsLeftToTheApplication() {
        MVC.run(context -> assertThat(get(context, "/broken"))
                .hasFailed()
                .failure()
                .hasRootCauseInstanceOf(BatchResultException.class));
        Reactive.CLIENT.get().uri("/broken").exchange().expectStatus().is5xxServerError();
    }

    @ControllerAdvice
    static class OwnAdvice {
        @ExceptionHandler
        ResponseEntity<String> refused(BatcherException e) {
            return ResponseEntity.status(HttpStatus.CONFLICT).body("own");
        }
    }

    @ControllerAdvice
    static class CatchAll {
        @ExceptionHandler
        ResponseEntity<String> failed(Exception e) {
            return ResponseEntity.internalServerError().body("own");
        }
    }

    @ControllerAdvice
    static class Delegating {
        @ExceptionHandler
        ResponseEntity<ProblemDetail> failed(Exception e) {
            return BatcherProblems.of(e)
                    .orElseGet(() -> ResponseEntity.of(ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR))
                            .build());
        }
    }

    @ControllerAdvice
    static class Spring extends ResponseEntityExceptionHandler {}

    @Test
    void handlersOfTheApplicationWin() {
        MVC.withBean(OwnAdvice.class)
                .run(context -> assertThat(get(context, "/JOINED/FULL")).hasStatus(HttpStatus.CONFLICT));
        MVC.withBean(CatchAll.class)
                .run(context -> assertThat(get(context, "/JOINED/FULL")).hasStatus(HttpStatus.INTERNAL_SERVER_ERROR));
    }

    @Test
    void aHandlerOfEveryExceptionCanAskForTheResponse() {
        MVC.withBean(Delegating.class).run(context -> {
            assertThat(get(context, "/JOINED/EXPIRED")).hasStatus(HttpStatus.GATEWAY_TIMEOUT);
            assertThat(get(context, "/broken")).hasStatus(HttpStatus.INTERNAL_SERVER_ERROR);
        });
    }

    @Test
    void handlersOfSpringsOwnExceptionsLeaveThemToIt() {
        MVC.withBean(Spring.class)
                .withPropertyValues("spring.mvc.problemdetails.enabled=true")
                .run(context -> {
                    assertThat(get(context, "/RETURNED/FULL")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE);
                    assertThat(get(context, "/RETURNED/NONE")).hasStatus(HttpStatus.BAD_REQUEST);
                });
    }

    /** What other libraries wrap around a failure. */
    private static final class Wrapper extends CompletionException {

        private static final long serialVersionUID = 1;
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void causesThatFormACircleAreNotFollowedForEver() {
        Wrapper one = new Wrapper();
        Wrapper other = new Wrapper();
        one.initCause(other);
        other.initCause(one);

        assertThat(BatcherProblems.of(one)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"batcher.web.problem-details.enabled=false", "batcher.enabled=false"})
    void itCanBeSwitchedOff(String property) {
        MVC.withPropertyValues(property).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(BatcherProblemAdvice.class);
            assertThat(get(context, "/JOINED/FULL")).hasFailed();
        });
    }

    @Test
    void withoutAWebApplicationThereIsNone() {
        ApplicationContextRunner runner =
                new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class));
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BatcherProblemAdvice.class));
        runner.withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BatcherProblemAdvice.class));
    }
}
