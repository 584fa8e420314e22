package io.asyncbatcher.sample.dynamodb;

import jakarta.validation.constraints.Pattern;

/** The key in a path. Two equal ones in a batch are one to {@code deduplicate}. */
record DocumentKey(
        @Pattern(
                regexp = "[A-Za-z0-9._-]{1,128}",
                message = "must be 1 to 128 letters, digits, dots, hyphens or underscores")
        String key) {}
