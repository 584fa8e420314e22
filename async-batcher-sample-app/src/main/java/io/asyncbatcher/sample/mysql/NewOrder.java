package io.asyncbatcher.sample.mysql;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;

/**
 * An order as it is sent.
 *
 * @param reference the customer's own; the same one is not taken twice
 * @param cents what it costs
 */
record NewOrder(
        @NotNull @Pattern(regexp = "[A-Za-z0-9-]{1,64}", message = "must be 1 to 64 letters, digits or hyphens")
        String reference,

        @NotNull @Positive Long cents) {}
