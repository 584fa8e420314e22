package io.asyncbatcher.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

/**
 * Starts the sample together with a server of its own for each use that runs: {@code ./mvnw spring-boot:test-run
 * -Dspring-boot.run.profiles=kafka}. The servers are the {@code @TestConfiguration}s of the uses' tests, which an
 * application's own scan leaves out wherever Spring Boot's test support is on the class path.
 */
@ComponentScan(useDefaultFilters = false, includeFilters = @ComponentScan.Filter(TestConfiguration.class))
public final class TestSampleApplication {

    private TestSampleApplication() {}

    public static void main(String[] args) {
        // Outside of tests nobody else asks the servers for their addresses.
        SpringApplication.from(SampleApplication::main)
                .with(TestSampleApplication.class, DynamicPropertyRegistrarBeanInitializer.class)
                .run(args);
    }
}
