package io.asyncbatcher.sample.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

class EmbeddedPostgresConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(context -> context.getEnvironment().setActiveProfiles("postgres"))
            .withUserConfiguration(EmbeddedPostgresConfiguration.class)
            .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class));

    @Test
    void withoutAUrlTheDataSourceLeadsToAPostgresThatCountsAndKeepsWhatItCommits() {
        runner.run(context -> {
            JdbcClient jdbc = JdbcClient.create(context.getBean(DataSource.class));

            assertThat(jdbc.sql("select count(*) from pg_stat_statements")
                            .query(Long.class)
                            .single())
                    .isPositive();
            assertThat(jdbc.sql("show fsync").query(String.class).single()).isEqualTo("on");
            assertThat(jdbc.sql("show synchronous_commit").query(String.class).single())
                    .isEqualTo("on");
            assertThat(jdbc.sql("show listen_addresses").query(String.class).single())
                    .isEqualTo("localhost");
        });
    }

    @Test
    void aUrlOfTheUsersOwnReplacesIt() {
        runner.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/mine")
                .run(context -> assertThat(context)
                        .hasSingleBean(DataSource.class)
                        .doesNotHaveBean(EmbeddedPostgresServer.class));
    }

    @Test
    void whereItCannotStartTheMessageSaysWhatToSet() {
        EmbeddedPostgresException failure =
                new EmbeddedPostgresException(new IllegalStateException("Missing embedded postgres binaries"));

        FailureAnalysis analysis = new EmbeddedPostgresFailureAnalyzer().analyze(failure);

        assertThat(analysis.getDescription())
                .contains("did not start", "Missing embedded postgres binaries", System.getProperty("os.arch"));
        assertThat(analysis.getAction()).contains("spring.datasource.url");
    }
}
