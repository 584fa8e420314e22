package io.asyncbatcher.sample.readings;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A reading as it is stored. */
record Reading(long id, String sensor, Instant time, double value) {

    /** Reads one from a row with all of its columns. */
    static Reading of(ResultSet row, int number) throws SQLException {
        Instant time = row.getObject("time", OffsetDateTime.class).toInstant();
        return new Reading(row.getLong("id"), row.getString("sensor"), time, row.getDouble("value"));
    }

    Reading withValue(double value) {
        return new Reading(id, sensor, time, value);
    }
}
