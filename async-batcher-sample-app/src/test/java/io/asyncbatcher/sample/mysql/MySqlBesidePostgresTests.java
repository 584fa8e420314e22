package io.asyncbatcher.sample.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.sample.SampleClient;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/** Two databases in one application: each use goes on with its own. */
@Tag("systems")
@EnabledIf(
        value = "io.asyncbatcher.sample.mysql.MySqlServer#isHere",
        disabledReason = "There is no MariaDB for this platform")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles({"postgres", "mysql"})
@Import(MySqlServer.class)
class MySqlBesidePostgresTests {

    @Autowired
    private DataSource unnamed;

    @LocalServerPort
    private int port;

    @Test
    void eachUseHasItsOwnDatabase() throws Exception {
        SampleClient client = new SampleClient(port);

        assertThat(client.post("/api/mysql/orders", "{\"reference\": \"order-1\", \"cents\": 1}")
                        .join()
                        .status())
                .isEqualTo(201);
        assertThat(client.post(
                                "/api/readings",
                                "{\"sensor\": \"s1\", \"time\": \"2026-01-01T00:00:00Z\", \"value\": 21.5}")
                        .join()
                        .status())
                .isEqualTo(201);
        try (Connection connection = unnamed.getConnection()) {
            assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
        }
    }

    @Test
    void healthTellsOfBoth() {
        assertThat(new SampleClient(port).get("/actuator/health").join().body()).contains("UP");
    }
}
