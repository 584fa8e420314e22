package io.asyncbatcher.sample.readings;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;

/** The body of a request that corrects a reading, within the same limits as in {@link NewReading}. */
record NewValue(
        @NotNull @DecimalMin("-1e300") @DecimalMax("1e300") Double value) {}
