package io.asyncbatcher.sample.dynamodb;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/** What DynamoDB's ways to fail mean to a batch. */
final class DynamoDbFailures {

    private static final String SYSTEM = "DynamoDB";
    private static final Duration PAUSE = Duration.ofMillis(100);

    private DynamoDbFailures() {}

    /**
     * Part of a call was not processed: DynamoDB asks to come again with it after a pause.
     *
     * @param hadNoEffect false for a write: an attempt of the SDK whose answer was lost may have made it
     */
    static <R> Outcome<R> unprocessed(boolean hadNoEffect) {
        return Outcome.retry(
                new SystemUnavailableException(SYSTEM, hadNoEffect, new IllegalStateException("Left unprocessed")),
                PAUSE);
    }

    /** A whole call failed: too much throughput is waited for, an outage told, and the rest is a mistake of ours. */
    static RuntimeException translated(SdkException e, boolean hadNoEffect) {
        if (isThrottling(e)) {
            return new RateLimitedException(PAUSE);
        }
        return isOutage(e) ? new SystemUnavailableException(SYSTEM, hadNoEffect, e) : e;
    }

    /**
     * The SDK tries again what may be a connection's bad luck. Left alone it would also wait for throughput, holding a
     * slot, which the batcher does better.
     */
    static RetryStrategy retries(int attempts) {
        return DefaultRetryStrategy.standardStrategyBuilder()
                .useClientDefaults(false)
                .retryOnException(DynamoDbFailures::isOutage)
                .maxAttempts(attempts)
                .build();
    }

    private static boolean isOutage(Throwable e) {
        return e instanceof SdkClientException
                || (e instanceof AwsServiceException service && service.statusCode() >= 500 && !isThrottling(e));
    }

    private static boolean isThrottling(Throwable e) {
        return e instanceof AwsServiceException service && service.isThrottlingException();
    }
}
