package io.asyncbatcher.sample.readings;

import static java.util.stream.Collectors.toMap;

import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Finds readings by their ids. */
@Repository
@Profile("postgres")
class ReadingLookup {

    private final JdbcClient jdbc;

    ReadingLookup(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Finds readings in one statement; an id that isn't there is not in the map. */
    @Batched("readingLookups")
    Map<Long, Reading> findAll(List<Long> ids) {
        try {
            return jdbc
                    .sql("select id, sensor, time, value from reading where id = any(?)")
                    .param(ids.toArray(Long[]::new))
                    .query(Reading::of)
                    .list()
                    .stream()
                    .collect(toMap(Reading::id, Function.identity()));
        } catch (DataAccessResourceFailureException | RecoverableDataAccessException e) {
            // Unlike a write, a read that lost its connection on the way has certainly changed nothing.
            throw new SystemUnavailableException("The database", true, e);
        }
    }
}
