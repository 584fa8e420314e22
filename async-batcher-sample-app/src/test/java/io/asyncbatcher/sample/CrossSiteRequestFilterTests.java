package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.asyncbatcher.AsyncBatcher;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What a browser would send, header by header. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class CrossSiteRequestFilterTests {

    private static final String PAUSE = "POST /actuator/batchers/readings/pause";
    private static final String RESUME = "POST /actuator/batchers/readings/resume";

    @Autowired
    @Qualifier("readings")
    private AsyncBatcher<?, ?> readings;

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://localhost:1",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void aPageOfAnotherSiteCanNotPauseABatcher(String header) throws IOException {
        String answer = send(PAUSE, "localhost:" + port, header);

        assertThat(answer)
                .startsWith("HTTP/1.1 403")
                .contains("application/problem+json", "Pages of other sites may not change anything here.");
        assertThat(readings.snapshot().paused()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: http://localhost:PORT", "Accept: */*"})
    void ourOwnPageAndACommandLineCan(String header) throws IOException {
        String own = header.replace("PORT", String.valueOf(port));

        assertThat(send(PAUSE, "localhost:" + port, own)).startsWith("HTTP/1.1 200");
        assertThat(readings.snapshot().paused()).isTrue();
        assertThat(send(RESUME, "localhost:" + port, own)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {PAUSE, "GET /", "GET /actuator/batchers"})
    void aForeignNameThatLeadsHereFindsNothing(String request) throws IOException {
        assertThat(send(request, "evil.example:" + port, "Origin: http://evil.example:" + port))
                .startsWith("HTTP/1.1 403")
                .contains("This is not a name of this machine's own address. Use localhost.");
        assertThat(readings.snapshot().paused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
    void theMachinesOwnNamesLeadHere(String name) throws IOException {
        assertThat(send("GET /", name + ":" + port, "Accept: */*")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/live/events", "/api/readings/1", "/actuator/batchers"})
    void aPageOfAnotherSiteCanNotAskForAnythingInTheBackground(String path) throws IOException {
        for (String header :
                List.of("Origin: http://evil.example", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors")) {
            assertThat(send("GET " + path, "localhost:" + port, header))
                    .startsWith("HTTP/1.1 403")
                    .contains("Pages of other sites may not ask for anything here, but link to it.");
        }
    }

    @Test
    void aLinkOnAnotherSiteLeadsToThePage() throws IOException {
        assertThat(send("GET /", "localhost:" + port, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate"))
                .startsWith("HTTP/1.1 200");
    }

    /** On Linux, whoever listens on all addresses listens on this one, too. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void nobodyReachesItFromAnotherMachine() {
        assertThatIOException()
                .isThrownBy(() -> new Socket("127.0.0.2", port).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void noPageOfAnotherSiteCanShowOurs() throws IOException {
        assertThat(send("GET /", "localhost:" + port, "Accept: */*"))
                .contains("Content-Security-Policy: default-src 'self'; frame-ancestors 'none'");
    }

    @Test
    void aFormOfAnotherKindCanNotRetune() throws IOException {
        assertThat(send("POST /actuator/batchers/readings", "localhost:" + port, "Content-Type: text/plain"))
                .startsWith("HTTP/1.1 415");
    }

    /** By hand, because clients don't let others choose these headers. Only the start of the answer: some never end. */
    private String send(String request, String host, String header) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            String head = "%s HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n".formatted(request, host, header);
            String body = request.startsWith("POST") ? "Content-Length: 0\r\n\r\n" : "\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(4_096), StandardCharsets.UTF_8);
        }
    }
}
