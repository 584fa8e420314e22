package io.asyncbatcher.sample.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.sample.chaos.Answer.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTests {

    @ParameterizedTest
    @CsvSource({
        "POSTGRES_KILLED, WRITTEN, 1, true",
        "POSTGRES_KILLED, WRITTEN, 0, false",
        "POSTGRES_KILLED, WRITTEN, 2, false",
        "POSTGRES_KILLED, WITHOUT_EFFECT, 0, true",
        "POSTGRES_KILLED, WITHOUT_EFFECT, 1, false",
        "POSTGRES_KILLED, UNKNOWN_EFFECT, 0, true",
        "POSTGRES_KILLED, UNKNOWN_EFFECT, 1, true",
        "POSTGRES_KILLED, UNKNOWN_EFFECT, 2, false",
        "POSTGRES_KILLED, UNCLEAR, 0, false",
        "POSTGRES_KILLED, REFUSED, 0, false",
        "POSTGRES_KILLED, BROKEN, 0, false",
        "POSTGRES_KILLED, MISSING, 0, false",
        "APPLICATION_KILLED, WRITTEN, 0, false",
        "APPLICATION_KILLED, REFUSED, 0, true",
        "APPLICATION_KILLED, REFUSED, 1, false",
        "APPLICATION_KILLED, BROKEN, 0, true",
        "APPLICATION_KILLED, BROKEN, 1, true",
        "APPLICATION_KILLED, BROKEN, 2, false",
        "APPLICATION_KILLED, MISSING, 0, false",
        "APPLICATION_STOPPED, WRITTEN, 1, true",
        "APPLICATION_STOPPED, WRITTEN, 0, false",
        "APPLICATION_STOPPED, UNKNOWN_EFFECT, 0, true",
        "APPLICATION_STOPPED, UNKNOWN_EFFECT, 1, false",
        "POSTGRES_KILLED, UNREAD, 0, false",
        "APPLICATION_STOPPED, UNREAD, 0, true",
        "APPLICATION_STOPPED, UNREAD, 1, false",
        "APPLICATION_STOPPED, UNCLEAR, 0, false",
        "APPLICATION_STOPPED, REFUSED, 0, true",
        "APPLICATION_STOPPED, BROKEN, 0, true",
        "APPLICATION_STOPPED, BROKEN, 1, false",
        "APPLICATION_STOPPED, MISSING, 0, false"
    })
    void anAnswerAllowsSoManyRows(Fault fault, Kind kind, int rows, boolean allowed) {
        List<String> violations = Verdict.violations(
                fault, Map.of("key", new Answer(kind, "", 1)), rows == 0 ? Map.of() : Map.of("key", rows));

        assertThat(violations.isEmpty()).as(violations.toString()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatNobodySentIsAViolation(Fault fault) {
        assertThat(Verdict.violations(fault, Map.of(), Map.of("key", 1))).hasSize(1);
    }
}
