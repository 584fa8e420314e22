package io.asyncbatcher.sample.dynamodb;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** The client of DynamoDB. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DynamoDbProperties.class)
@Profile("dynamodb")
class DynamoDbConfiguration {

    private static final int ATTEMPTS = 3;

    /**
     * Each bound holds those within: an attempt, the SDK's attempts at a call, the batch (its {@code batch-timeout}), the
     * request. So a batch is given up only when the SDK has stopped working on it.
     */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private static final Duration CALL = Duration.ofSeconds(7);

    @Bean
    DynamoDbClient dynamoDbClient(DynamoDbProperties properties) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(Region.of(properties.region()))
                .httpClientBuilder(ApacheHttpClient.builder().connectionTimeout(ATTEMPT))
                .overrideConfiguration(client -> client.apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(CALL)
                        .retryStrategy(DynamoDbFailures.retries(ATTEMPTS)));
        if (!properties.endpoint().isEmpty()) {
            // DynamoDB Local wants some credentials, and doesn't mind which.
            builder.endpointOverride(URI.create(properties.endpoint()))
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
        }
        return builder.build();
    }
}
