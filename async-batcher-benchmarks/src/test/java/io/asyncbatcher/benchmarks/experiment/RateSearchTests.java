package io.asyncbatcher.benchmarks.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

/** Which rates are tried, and in which order. */
class RateSearchTests {

    private final List<String> tried = new ArrayList<>();

    @Test
    void theRateDoublesUntilOneFailsThenTheDistanceIsHalvedInLongerSteps() throws Exception {
        search(rate -> rate <= 950, 12_800);

        assertThat(tried)
                .containsExactly(
                        "100 holds",
                        "200 holds",
                        "400 holds",
                        "800 holds",
                        "1600 fails",
                        "1100 longer fails",
                        "940 longer holds",
                        "1000 longer fails");
    }

    @Test
    void whereTheFirstRateFailsItGoesDown() throws Exception {
        search(rate -> rate <= 30, 12_800);

        assertThat(tried)
                .containsExactly(
                        "100 fails", "50 fails", "25 holds", "35 longer fails", "30 longer holds", "32 longer fails");
    }

    @Test
    void aRateThatOnlyHeldInAShortStepIsTriedInALongerOneAndLowerOnesAfterIt() throws Exception {
        search((rate, longer) -> rate <= (longer ? 350 : 400), 12_800);

        assertThat(tried)
                .containsExactly(
                        "100 holds",
                        "200 holds",
                        "400 holds",
                        "800 fails",
                        "570 longer fails",
                        "480 longer fails",
                        "440 longer fails",
                        "400 longer fails",
                        "360 longer fails",
                        "320 longer holds");
    }

    @Test
    void theHighestRateIsMadeSure() throws Exception {
        search(rate -> true, 400);

        assertThat(tried).containsExactly("100 holds", "200 holds", "400 holds", "400 longer holds");
    }

    private interface Capacity {

        boolean carries(double rate, boolean longer);
    }

    private void search(DoublePredicate capacity, double most) throws Exception {
        search((rate, longer) -> capacity.test(rate), most);
    }

    private void search(Capacity capacity, double most) throws Exception {
        RateSearch search = new RateSearch(
                (rate, longer) -> {
                    boolean holds = capacity.carries(rate, longer);
                    tried.add(Math.round(rate) + (longer ? " longer" : "") + (holds ? " holds" : " fails"));
                    return holds;
                },
                most,
                3);
        search.run();
    }
}
