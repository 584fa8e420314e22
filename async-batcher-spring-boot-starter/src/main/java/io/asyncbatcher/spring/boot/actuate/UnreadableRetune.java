package io.asyncbatcher.spring.boot.actuate;

import java.util.Map;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.server.ServerWebInputException;

/**
 * Says what is wrong with a body that Actuator can't read for {@link BatchersEndpoint}, on either web stack. For other
 * endpoints of Boot, and for all else, nothing changes.
 */
@ControllerAdvice(basePackages = "org.springframework.boot")
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnreadableRetune implements AopInfrastructureBean {

    /** How Actuator describes the handlers of this endpoint, whatever their class. */
    private static final String HANDLER = "endpoint '" + BatchersEndpoint.ID;

    @ExceptionHandler({HttpMessageNotReadableException.class, ServerWebInputException.class})
    ResponseEntity<Map<String, String>> rejection(Exception failure, HandlerMethod handler) throws Exception {
        if (!handler.getBean().toString().contains(HANDLER)) {
            throw failure;
        }
        return ResponseEntity.badRequest()
                .body(Map.of(
                        "error",
                        "The body can't be read; it must be a JSON object of numbers, texts, true, false or null, as in"
                                + " {\"maxBatchSize\": 200, \"maxQueueTime\": \"5ms\"}"));
    }
}
