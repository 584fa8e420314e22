package io.asyncbatcher.sample;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Reads a time as a database can keep it: ISO 8601 text, in the years 1 to 9999, to the microsecond. (Jackson's own
 * would also take a number, and the year 1,000,000.)
 */
final class TimeDeserializer extends StdDeserializer<Instant> {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    TimeDeserializer() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return (Instant) context.handleUnexpectedToken(Instant.class, parser);
        }
        String text = parser.getString();
        try {
            Instant time = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Answered below, like a time that is out of range.
        }
        return (Instant) context.handleWeirdStringValue(Instant.class, text, "not a time in the years 1 to 9999");
    }
}
