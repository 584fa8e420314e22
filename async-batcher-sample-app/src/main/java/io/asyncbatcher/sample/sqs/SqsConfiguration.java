package io.asyncbatcher.sample.sqs;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/** The client of SQS, and the functions that the batchers name. */
@Configuration(proxyBeanMethods = false)
@Profile("sqs")
class SqsConfiguration {

    /**
     * Credentials are found as everywhere with AWS (environment, profile, role). The client sends nothing twice by itself:
     * what is tried again, when and how often is the batcher's to say, which knows who still waits for it.
     */
    @Bean
    SqsClientBuilder sqsClientBuilder(
            @Value("${sqs.region}") Region region,
            @Value("${sqs.connect-timeout}") Duration connectTimeout,
            @Value("${sqs.read-timeout}") Duration readTimeout) {
        return SqsClient.builder()
                .region(region)
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(connectTimeout)
                        .socketTimeout(readTimeout))
                .overrideConfiguration(client -> client.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    @Bean
    SqsClient sqsClient(SqsClientBuilder builder) {
        return builder.build();
    }

    @Bean
    ToLongFunction<SqsMessage> sqsBytes() {
        return message -> message.content().bytes();
    }

    @Bean
    Function<SqsMessage, String> sqsQueue() {
        return SqsMessage::queue;
    }
}
