package io.asyncbatcher.sample.dynamodb;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where DynamoDB is.
 *
 * @param endpoint of a DynamoDB Local; empty for the service itself
 * @param region its region
 */
@ConfigurationProperties("sample.dynamodb")
record DynamoDbProperties(@DefaultValue("") String endpoint, String region) {}
