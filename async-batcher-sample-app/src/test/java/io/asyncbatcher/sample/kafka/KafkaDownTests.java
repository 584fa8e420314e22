package io.asyncbatcher.sample.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.sample.JsonEndpoint;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.kafka.producer.properties.max.block.ms=500",
            "spring.kafka.admin.properties.request.timeout.ms=500",
            "spring.kafka.admin.properties.default.api.timeout.ms=500"
        })
@ActiveProfiles("kafka")
class KafkaDownTests {

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void nobodyListensThere(DynamicPropertyRegistry properties) throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            String address = "localhost:" + socket.getLocalPort();
            properties.add("spring.kafka.bootstrap-servers", () -> address);
        }
    }

    @Test
    void theSampleStartsAndAnEventIsAnsweredThatItCanBeSentAgain() {
        HttpResponse<String> answer = new JsonEndpoint(port, "/api/kafka/events")
                .send(EventControllerTests.event("i", "u", System.currentTimeMillis(), "text"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body())
                .contains("Kafka is not available; the request had no effect and can be sent again.")
                .doesNotContain("Exception", "localhost");
    }
}
