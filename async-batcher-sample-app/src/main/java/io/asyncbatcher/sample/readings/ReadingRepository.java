package io.asyncbatcher.sample.readings;

import io.asyncbatcher.spring.Batched;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of readings. */
@Repository
@Profile("postgres")
class ReadingRepository {

    /**
     * One statement for any number of rows, and result i is the id of row i. PostgreSQL promises no order for
     * {@code returning}, so the ids are drawn first, each beside its position: a {@code with} query that draws from a
     * sequence is evaluated once, whoever reads it, the insert runs to its end although nothing reads from it, and the
     * outer {@code order by} is what decides on the order of the result.
     */
    private static final String INSERT_ALL = """
            with batch as materialized (
              select nextval('reading_id') as id, sensor, time, value, position
              from unnest(?::text[], ?::timestamptz[], ?::float8[])
                with ordinality as item (sensor, time, value, position)
            ), written as (
              insert into reading (id, sensor, time, value) select id, sensor, time, value from batch
            )
            select id from batch order by position
            """;

    private static final String INSERT_ONE =
            "insert into reading (id, sensor, time, value) values (nextval('reading_id'), ?, ?, ?) returning id";

    private static final String INSERT_STATEMENTS = """
            select coalesce(sum(calls), 0) from pg_stat_statements
            where query ilike '%insert into reading %'
              and dbid = (select oid from pg_database where datname = current_database())
            """;

    private final JdbcClient jdbc;

    ReadingRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Stores readings in one statement.
     *
     * @return the new ids; element i belongs to reading i
     */
    @Batched("readings")
    List<Long> insertAll(List<NewReading> readings) {
        return jdbc.sql(INSERT_ALL)
                .param(readings.stream().map(NewReading::sensor).toArray(String[]::new))
                .param(readings.stream()
                        .map(reading -> reading.time().toString())
                        .toArray(String[]::new))
                .param(readings.stream().mapToDouble(NewReading::value).toArray())
                .query(Long.class)
                .list();
    }

    /** Stores one reading and gives its id: what {@link #insertAll} is compared with. */
    long insert(NewReading reading) {
        return jdbc.sql(INSERT_ONE)
                .param(reading.sensor())
                .param(OffsetDateTime.ofInstant(reading.time(), ZoneOffset.UTC))
                .param(reading.value())
                .query(Long.class)
                .single();
    }

    long count() {
        return jdbc.sql("select count(*) from reading").query(Long.class).single();
    }

    /** How many statements that insert readings the database itself has counted; empty where it doesn't count. */
    Optional<Long> insertStatements() {
        try {
            return jdbc.sql(INSERT_STATEMENTS).query(Long.class).optional();
        } catch (BadSqlGrammarException | UncategorizedSQLException e) {
            // The extension is not created here, or not loaded.
            return Optional.empty();
        }
    }
}
