package io.asyncbatcher.sample.sns;

import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;

/** An emulator of SNS, with the topic {@code news}. It needs npm. */
@TestConfiguration(proxyBeanMethods = false)
@Profile("sns")
class SnsServer {

    @Bean
    Fauxqs fauxqs() throws IOException {
        return Fauxqs.start();
    }

    @Bean
    @Primary
    SnsClientBuilder snsClientBuilderOfTests(@Qualifier("snsClientBuilder") SnsClientBuilder builder, Fauxqs fauxqs) {
        return builder.endpointOverride(fauxqs.address())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    @Bean
    ApplicationRunner snsTopicsOfTests(SnsClient sns) {
        return arguments -> sns.createTopic(topic -> topic.name("news"));
    }
}
