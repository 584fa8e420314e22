package io.asyncbatcher.sample.live;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Set;

/**
 * The load that somebody asks for. Everything has a limit: the page and the load share one machine.
 *
 * @param workload the name of the use
 * @param lanes which of the two are called, side by side
 * @param arrivals when
 * @param callers in a closed loop; the others ignore it
 * @param rate calls a second in each lane; a closed loop ignores it
 * @param seconds how long
 */
record NewRun(
        @NotNull String workload,
        @NotEmpty Set<@NotNull LaneName> lanes,
        @NotNull Arrivals arrivals,
        @NotNull @Min(1) @Max(MAX_CALLERS) Integer callers,
        @NotNull @Min(1) @Max(MAX_RATE) Integer rate,
        @NotNull @Min(1) @Max(600) Integer seconds) {

    static final int MAX_CALLERS = 1_000;
    static final int MAX_RATE = 20_000;

    /** A way to make the same calls. */
    enum LaneName {
        @JsonProperty("batched")
        BATCHED,

        @JsonProperty("unbatched")
        UNBATCHED
    }
}
