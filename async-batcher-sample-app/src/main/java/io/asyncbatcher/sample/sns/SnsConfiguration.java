package io.asyncbatcher.sample.sns;

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
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;

/** The client of SNS, and the functions that the batcher names. */
@Configuration(proxyBeanMethods = false)
@Profile("sns")
class SnsConfiguration {

    /**
     * Credentials are found as everywhere with AWS (environment, profile, role). The client sends nothing twice by itself:
     * what is tried again, when and how often is the batcher's to say, which knows who still waits for it.
     */
    @Bean
    SnsClientBuilder snsClientBuilder(
            @Value("${sns.region}") Region region,
            @Value("${sns.connect-timeout}") Duration connectTimeout,
            @Value("${sns.read-timeout}") Duration readTimeout) {
        return SnsClient.builder()
                .region(region)
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(connectTimeout)
                        .socketTimeout(readTimeout))
                .overrideConfiguration(client -> client.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    @Bean
    SnsClient snsClient(SnsClientBuilder builder) {
        return builder.build();
    }

    @Bean
    ToLongFunction<SnsMessage> snsBytes() {
        return message -> message.content().bytes();
    }

    @Bean
    Function<SnsMessage, String> snsTopic() {
        return SnsMessage::topic;
    }
}
