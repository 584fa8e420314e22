package io.asyncbatcher.sample.readings;

import static java.util.stream.Collectors.toMap;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.Batched;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Corrects the values of readings. */
@Repository
@Profile("postgres")
class ReadingUpdater {

    /**
     * One statement for any number of rows. Of several values for one row PostgreSQL would store any, so only the last
     * is joined: what one statement after the other would have left.
     */
    private static final String UPDATE_ALL = """
            update reading set value = item.value
            from (
              select distinct on (id) id, value
              from unnest(?::int8[], ?::float8[]) with ordinality as item (id, value, position)
              order by id, position desc
            ) as item
            where reading.id = item.id
            returning reading.id, reading.sensor, reading.time, reading.value
            """;

    private final JdbcClient jdbc;

    ReadingUpdater(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Updates readings in one statement.
     *
     * @return the readings as each update left them: an update that another one of its batch has overwritten is told its
     *     own value, as it would have been in a batch of its own
     */
    @Batched("readingUpdates")
    List<Outcome<Reading>> updateAll(List<ReadingUpdate> updates) {
        Map<Long, Reading> updated = jdbc
                .sql(UPDATE_ALL)
                .param(updates.stream().mapToLong(ReadingUpdate::id).toArray())
                .param(updates.stream().mapToDouble(ReadingUpdate::value).toArray())
                .query(Reading::of)
                .list()
                .stream()
                .collect(toMap(Reading::id, Function.identity()));
        return updates.stream()
                .map(update -> outcome(update, updated.get(update.id())))
                .toList();
    }

    private static Outcome<Reading> outcome(ReadingUpdate update, @Nullable Reading reading) {
        return reading == null
                ? Outcome.failure(ReadingController.unknown(update.id()))
                : Outcome.success(reading.withValue(update.value()));
    }
}
