package io.asyncbatcher.sample.rabbitmq;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * An order as it is sent in, and as a warehouse gets it, in JSON. A message that is too large for RabbitMQ closes the
 * channel on all that share it: so everything has a limit here.
 *
 * @param id the sender's own, by which the warehouse knows an order that was sent twice
 * @param warehouse which warehouse delivers
 * @param product what is ordered
 * @param quantity how many
 */
record NewOrder(
        @NotBlank
        @Size(max = 64, message = "must not be longer than 64 characters")
        @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must not contain control characters")
        String id,

        @NotNull @Pattern(regexp = "[a-z0-9-]{1,32}", message = "must be 1 to 32 of a-z, 0-9 and -")
        String warehouse,

        @NotBlank
        @Size(max = 200, message = "must not be longer than 200 characters")
        @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must not contain control characters")
        String product,

        @NotNull @Min(1) @Max(1000) Integer quantity) {}
