package io.asyncbatcher.sample.dynamodb;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.test.context.DynamicPropertyRegistrar;

/** Starts a DynamoDB Local with the table of the documents, and tells the application where it is. */
@TestConfiguration(proxyBeanMethods = false)
@Profile("dynamodb")
class DynamoDbServer {

    @Bean(destroyMethod = "end")
    LocalDynamoDb localDynamoDb() throws Exception {
        // Two lines a request otherwise.
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel("software.amazon.dynamodb", LogLevel.WARN);
        return LocalDynamoDb.start();
    }

    @Bean
    DynamicPropertyRegistrar dynamoDbEndpoint(LocalDynamoDb dynamoDb) {
        return properties -> properties.add("sample.dynamodb.endpoint", dynamoDb::endpoint);
    }
}
