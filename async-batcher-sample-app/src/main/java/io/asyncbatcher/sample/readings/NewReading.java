package io.asyncbatcher.sample.readings;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;

/**
 * A reading as a sensor sends it. A batch is one insert, which one bad row would fail for all: so what PostgreSQL can't
 * store (U+0000, half a surrogate pair) is rejected here, before it has neighbours.
 *
 * @param sensor which sensor
 * @param time when it measured
 * @param value what it measured; the limits leave out the infinities and NaN
 */
record NewReading(
        @NotBlank
        @Size(max = 64, message = "must not be longer than 64 characters")
        @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must not contain control characters")
        String sensor,

        @NotNull Instant time,

        @NotNull @DecimalMin("-1e300") @DecimalMax("1e300") Double value) {}
