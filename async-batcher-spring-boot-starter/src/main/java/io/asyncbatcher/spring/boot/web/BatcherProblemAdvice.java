package io.asyncbatcher.spring.boot.web;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.spring.BatcherProblems;
import java.util.Optional;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Responds to what batchers fail items with, in Spring MVC and in WebFlux, after every handler of the application. */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class BatcherProblemAdvice implements AopInfrastructureBean {

    /**
     * The response.
     *
     * @param thrown what the controller failed with; Spring also comes here where it is only the cause
     * @throws Exception the same, which leaves it to others: an exception that the application has wrapped around a
     *     batcher's may have a status of its own
     */
    @ExceptionHandler({BatcherException.class, RateLimitedException.class})
    ResponseEntity<ProblemDetail> respond(Exception thrown) throws Exception {
        Optional<ResponseEntity<ProblemDetail>> response = BatcherProblems.of(thrown);
        if (response.isEmpty()) {
            throw thrown;
        }
        return response.get();
    }
}
