package io.asyncbatcher.sample;

import io.asyncbatcher.spring.BatcherProblems;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Turns every failure into a problem detail (RFC 9457): a 400 says what is wrong with which field, a 503 whether to
 * send it again, and none of them shows the inside of the application.
 */
@RestControllerAdvice
class ProblemDetailAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemDetailAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> systemFailed(SystemUnavailableException e) {
        log.warn(
                "{} failed: {}",
                e.system(),
                NestedExceptionUtils.getMostSpecificCause(e).toString());
        return ResponseEntity.status(e.getStatusCode()).headers(e.getHeaders()).body(e.problem());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> databaseFailed(DataAccessException e) {
        boolean hadNoEffect =
                e instanceof CannotGetJdbcConnectionException || e instanceof TransientDataAccessException;
        boolean connectionLost =
                e instanceof DataAccessResourceFailureException || e instanceof RecoverableDataAccessException;
        if (!hadNoEffect && !connectionLost) {
            return failed(e);
        }
        return systemFailed(new SystemUnavailableException("The database", hadNoEffect, e));
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetail> unexpected(Exception e) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            // Nobody is there any more to be answered, and nothing is wrong.
            return null;
        }
        // A batcher's failures come here too, as any exception does; the starter knows the response.
        return BatcherProblems.of(e).orElseGet(() -> failed(e));
    }

    private static ResponseEntity<ProblemDetail> failed(Exception e) {
        log.error("A request failed", e);
        return ResponseEntity.internalServerError()
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, "The request failed."));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> errors = new TreeMap<>();
        e.getFieldErrors().forEach(error -> add(errors, error.getField(), error));
        return handleExceptionInternal(e, badFields(status, errors), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> errors = new TreeMap<>();
        e.getParameterValidationResults().forEach(result -> {
            String parameter = String.valueOf(result.getMethodParameter().getParameterName());
            // Of a body its fields, of anything else its name.
            result.getResolvableErrors()
                    .forEach(error ->
                            add(errors, error instanceof FieldError field ? field.getField() : parameter, error));
        });
        return handleExceptionInternal(e, badFields(status, errors), headers, status, request);
    }

    /** Where a field has several errors, they come in the order of their texts. */
    private static void add(Map<String, String> errors, String field, MessageSourceResolvable error) {
        errors.merge(
                field,
                String.valueOf(error.getDefaultMessage()),
                (one, other) -> one.compareTo(other) <= 0 ? one + ", " + other : other + ", " + one);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return handleExceptionInternal(e, unreadable(status, e.getCause()), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> errors = Map.of(String.valueOf(e.getPropertyName()), mustBe(e.getRequiredType()));
        return handleExceptionInternal(e, badFields(status, errors), headers, status, request);
    }

    private static ProblemDetail unreadable(HttpStatusCode status, @Nullable Throwable cause) {
        if (cause instanceof UnrecognizedPropertyException e) {
            return badFields(status, Map.of(e.getPropertyName(), "is not known"));
        }
        if (cause instanceof MismatchedInputException e && !e.getPath().isEmpty()) {
            return badFields(
                    status, Map.of(String.valueOf(e.getPath().get(0).getPropertyName()), mustBe(e.getTargetType())));
        }
        if (cause instanceof StreamConstraintsException) {
            return ProblemDetail.forStatusAndDetail(status, "The body is too large or too deep.");
        }
        if (cause instanceof StreamReadException e) {
            return ProblemDetail.forStatusAndDetail(
                    status,
                    "The body is not valid JSON (line %d, column %d)."
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        }
        return ProblemDetail.forStatusAndDetail(status, "The body must be a JSON object.");
    }

    private static String mustBe(@Nullable Class<?> type) {
        if (type == Instant.class) {
            return "must be a time like 2026-01-01T00:00:00Z, in the years 1 to 9999";
        }
        if (type != null && type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "must be one of ", ""));
        }
        if (type == Long.class || type == long.class || type == Integer.class) {
            return "must be a whole number";
        }
        if (type != null && Map.class.isAssignableFrom(type)) {
            return "must be an object";
        }
        if (type != null && Collection.class.isAssignableFrom(type)) {
            return "must be a list";
        }
        return type == Double.class ? "must be a number" : "must be a text";
    }

    private static ProblemDetail badFields(HttpStatusCode status, Map<String, String> errors) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, "The request is not valid.");
        problem.setProperty("errors", errors);
        return problem;
    }
}
