package io.asyncbatcher.sample.chaos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;

/**
 * What a client got for its request.
 *
 * @param kind how the request ended
 * @param text status and body, or the exception
 * @param nanos how long it took
 */
record Answer(Kind kind, String text, long nanos) {

    enum Kind {
        /** 201. */
        WRITTEN,
        /** A problem that says that the request had no effect. */
        WITHOUT_EFFECT,
        /** A problem that leaves open whether the request took effect. */
        UNKNOWN_EFFECT,
        /** Tomcat's own 400: the server stopped before it had read the body, which no code of the application has seen. */
        UNREAD,
        /** Any other response. */
        UNCLEAR,
        /** Nobody listened. */
        REFUSED,
        /** The connection broke before a response came. */
        BROKEN,
        /** Neither a response nor the end of the connection came in time. */
        MISSING
    }

    static Answer of(HttpResponse<String> response, long nanos) {
        return new Answer(kind(response), response.statusCode() + " " + response.body(), nanos);
    }

    static Answer of(IOException failure, long nanos) {
        Kind kind = failure instanceof HttpTimeoutException
                ? Kind.MISSING
                : failure instanceof ConnectException ? Kind.REFUSED : Kind.BROKEN;
        return new Answer(kind, failure.toString(), nanos);
    }

    private static Kind kind(HttpResponse<String> response) {
        if (response.statusCode() == 201) {
            return Kind.WRITTEN;
        }
        if (response.statusCode() == 400 && response.body().contains("<title>HTTP Status 400")) {
            return Kind.UNREAD;
        }
        if (response.statusCode() != 503 && response.statusCode() != 504) {
            return Kind.UNCLEAR;
        }
        if (response.body().contains("the request had no effect")) {
            return Kind.WITHOUT_EFFECT;
        }
        return Kind.UNKNOWN_EFFECT;
    }
}
