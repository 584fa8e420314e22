package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.sql.init.mode=never", "spring.datasource.hikari.connection-timeout=250"})
class DatabaseDownTests {

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void nobodyListensThere(DynamicPropertyRegistry properties) throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            String url = "jdbc:postgresql://localhost:" + socket.getLocalPort() + "/postgres";
            properties.add("spring.datasource.url", () -> url);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/readings", "/api/readings/unbatched"})
    void aReadingIsAnsweredThatTheDatabaseIsNotAvailable(String path) {
        RestTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .build()
                .post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"sensor\": \"s1\", \"time\": \"2026-01-01T00:00:00Z\", \"value\": 21.5}")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectBody(String.class)
                .value(problem -> assertThat(problem)
                        .contains("The database is not available; the request had no effect and can be sent again.")
                        .doesNotContain("Exception", "Hikari", "localhost"));
    }
}
