package io.asyncbatcher.sample;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** One item that a system rejected while its neighbours went through: the failure of that caller alone. */
public final class ItemRejectedException extends ErrorResponseException {

    private static final long serialVersionUID = 1;

    /**
     * Says why.
     *
     * @param status the answer's: 404 where something is missing, 409 or 422 where the item is at fault
     * @param reason what the caller reads; no more of the item than its own caller sent
     */
    public ItemRejectedException(HttpStatus status, String reason) {
        super(status, ProblemDetail.forStatusAndDetail(status, reason), null);
    }
}
