package io.asyncbatcher.internal.policy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.policy.simulation.OverloadReport.Goodput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A short form of {@link OverloadReport}, with a seed that is none of the report's. */
class OverloadTests {

    private static final long[] SEED = {501};
    private static final int CALLS = 400;

    @ParameterizedTest
    @CsvSource({"0.5,5", "1,5", "2,5", "5,5", "10,5", "0.5,20", "1,20", "2,20", "5,20", "10,20"})
    void nearlyAllThatCanBeDoneInTimeIsDoneInTime(double load, int serviceTimes) {
        List<Overload> cases = Overload.cases(load, serviceTimes, CALLS).stream()
                .filter(each -> each.maxBatchSize() < PolicyCases.LARGEST // the others take long
                        || (each.slots() == 1 && each.dispatch() == DispatchMode.FIXED))
                .toList();

        Goodput goodput = OverloadReport.goodput(cases, SEED, true);

        assertThat(goodput.worst()).as(goodput.worstCase()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void withoutSheddingNearlyNothingIs() {
        List<Overload> cases = Overload.cases(2, 5, CALLS).stream()
                .filter(each -> each.maxBatchSize() < PolicyCases.LARGEST)
                .toList();

        assertThat(OverloadReport.goodput(cases, SEED, false).mean()).isLessThan(0.3);
    }
}
