package io.asyncbatcher.sample.sns;

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
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.KmsThrottlingException;

/** What the failures of SNS mean for the messages of a batch. */
final class SnsFailures {

    private static final String SYSTEM = "SNS";
    private static final Duration PAUSE = Duration.ofMillis(200);

    private SnsFailures() {}

    /** The end of one message that was not taken while its neighbours were: rejected permanently, or to be tried again. */
    static Outcome<String> ofMessage(BatchResultErrorEntry error) {
        if (error.senderFault()) {
            return Outcome.failure(new ItemRejectedException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "SNS rejected the message: " + error.code() + "."));
        }
        return Outcome.retry(
                new SystemUnavailableException(SYSTEM, true, new IllegalStateException(error.code())), PAUSE);
    }

    /** What fails all messages of a batch; or, where SNS was called too often, sends them back and lets no batch start for a while. */
    static RuntimeException ofCall(SdkException e) {
        if (e instanceof AwsServiceException answer) {
            if (answer.isThrottlingException() || e instanceof KmsThrottlingException) {
                return new RateLimitedException(PAUSE, e);
            }
            if (answer.statusCode() < 500) {
                // Credentials, rights, a limit: the operator's to mend. The words of SNS might quote a message.
                String code = Optional.ofNullable(answer.awsErrorDetails())
                        .map(AwsErrorDetails::errorCode)
                        .orElse("no code");
                return new IllegalStateException("SNS rejected a call: %s (%d), request %s"
                        .formatted(code, answer.statusCode(), answer.requestId()));
            }
        }
        return new SystemUnavailableException(SYSTEM, neverConnected(e), e);
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
