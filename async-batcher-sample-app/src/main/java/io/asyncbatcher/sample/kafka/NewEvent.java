package io.asyncbatcher.sample.kafka;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * An event as it is sent in, and as it is stored, in JSON.
 *
 * @param id the sender's own, by which consumers know an event that was sent twice
 * @param user whose it is; events of one user keep their order
 * @param time when it happened, in milliseconds since 1970; how long ago or how far ahead it may be is up to the topic
 * @param text what happened
 */
record NewEvent(
        @NotBlank
        @Size(max = 64, message = "must not be longer than 64 characters")
        @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must not contain control characters")
        String id,

        @NotBlank
        @Size(max = 64, message = "must not be longer than 64 characters")
        @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must not contain control characters")
        String user,

        @NotNull @PositiveOrZero Long time,

        @NotBlank
        @Size(max = 10_000, message = "must not be longer than 10000 characters")
        @Pattern(regexp = "[^\\p{Cs}]*", message = "must not contain half a surrogate pair")
        String text) {}
