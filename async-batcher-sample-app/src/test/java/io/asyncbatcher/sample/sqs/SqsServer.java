package io.asyncbatcher.sample.sqs;

import java.io.IOException;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** ElasticMQ, which has the limits of SQS, with the queues {@code orders} and {@code orders.fifo}. */
@TestConfiguration(proxyBeanMethods = false)
@Profile("sqs")
class SqsServer {

    @Bean(destroyMethod = "stopAndWait")
    SQSRestServer elasticMq() {
        return SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    }

    @Bean
    SqsProxy sqsProxy(SQSRestServer elasticMq) throws IOException {
        return new SqsProxy(elasticMq.waitUntilStarted().localAddress().getPort());
    }

    @Bean
    @Primary
    SqsClientBuilder sqsClientBuilderOfTests(
            @Qualifier("sqsClientBuilder") SqsClientBuilder builder, SqsProxy sqsProxy) {
        return builder.endpointOverride(sqsProxy.address())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                // A connection that an outage has ended would fail one more call after it, in another test perhaps.
                .overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .putHeader("Connection", "close")
                        .build());
    }

    @Bean
    ApplicationRunner sqsQueuesOfTests(SqsClient sqs) {
        return arguments -> {
            sqs.createQueue(queue -> queue.queueName("orders"));
            sqs.createQueue(
                    queue -> queue.queueName("orders.fifo").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
        };
    }
}
