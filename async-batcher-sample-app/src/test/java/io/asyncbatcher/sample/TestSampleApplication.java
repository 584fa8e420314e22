package io.asyncbatcher.sample;

import org.springframework.boot.SpringApplication;

/**
 * Starts the sample together with a server of its own for each use that runs: {@code ./mvnw spring-boot:test-run
 * -Dspring-boot.run.profiles=kafka}. The servers are the {@code @TestConfiguration}s of the uses' tests.
 */
public final class TestSampleApplication {

    private TestSampleApplication() {}

    public static void main(String[] args) {
        SpringApplication.from(SampleApplication::main).run(args);
    }
}
