package io.asyncbatcher.sample.sqs;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.apache.http.conn.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.KmsThrottledException;

/** What the failures of SQS mean for the messages of a batch. */
final class SqsFailures {

    private static final String SYSTEM = "SQS";
    private static final Duration PAUSE = Duration.ofMillis(200);

    private SqsFailures() {}

    /**
     * The end of one message that was not taken while its neighbours were: rejected permanently, or to be tried again. In a FIFO
     * queue those behind it have arrived by then, so it isn't; whoever sent it hears that it had no effect.
     */
    static Outcome<String> ofMessage(BatchResultErrorEntry error, SqsMessage message) {
        if (error.senderFault()) {
            return Outcome.failure(new ItemRejectedException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "SQS rejected the message: " + error.code() + "."));
        }
        var notTaken = new SystemUnavailableException(SYSTEM, true, new IllegalStateException(error.code()));
        return message.isInOrder() ? Outcome.failure(notTaken) : Outcome.retry(notTaken, PAUSE);
    }

    /** What fails all messages of a batch; or, where SQS was called too often, sends them back and lets no batch start for a while. */
    static RuntimeException ofCall(SdkException e, boolean hadNoEffect) {
        if (e instanceof AwsServiceException answer) {
            if (answer.isThrottlingException() || e instanceof KmsThrottledException) {
                return new RateLimitedException(PAUSE, e);
            }
            if (answer.statusCode() < 500) {
                // Credentials, rights, a limit: the operator's to mend. The words of SQS might quote a message.
                String code = Optional.ofNullable(answer.awsErrorDetails())
                        .map(AwsErrorDetails::errorCode)
                        .orElse("no code");
                return new IllegalStateException("SQS rejected a call: %s (%d), request %s"
                        .formatted(code, answer.statusCode(), answer.requestId()));
            }
        }
        return new SystemUnavailableException(SYSTEM, hadNoEffect || neverConnected(e), e);
    }

    private static boolean neverConnected(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}
