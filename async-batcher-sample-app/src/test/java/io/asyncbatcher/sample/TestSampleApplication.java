package io.asyncbatcher.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

/**
 * Starts the sample together with a server of its own for each use that runs: {@code ./mvnw spring-boot:test-run
 * -Dspring-boot.run.profiles=kafka}. The servers are the {@code @TestConfiguration}s of the uses' tests.
 */
public final class TestSampleApplication {

    private TestSampleApplication() {}

    public static void main(String[] args) {
        // Outside of tests nobody else asks the servers for their addresses.
        SpringApplication.from(SampleApplication::main)
                .with(DynamicPropertyRegistrarBeanInitializer.class)
                .run(args);
    }
}
