package io.asyncbatcher.sample.dynamodb;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A document as it is sent. One item above DynamoDB's 400 KB would fail its whole batch, so what is far below is the
 * limit here; and half a surrogate pair would be stored as a question mark.
 */
record DocumentText(
        @NotNull
        @Size(max = 10_000, message = "must not be longer than 10000 characters")
        @Pattern(regexp = "[^\\p{Cs}]*", message = "must be valid Unicode")
        String text) {}
