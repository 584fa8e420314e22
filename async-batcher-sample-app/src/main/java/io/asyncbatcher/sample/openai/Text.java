package io.asyncbatcher.sample.openai;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A text to embed. OpenAI rejects a whole request for one text that is empty or can't be encoded, so that is rejected
 * here, before it has neighbours; and what is far too long, before its tokens are counted.
 *
 * @param text at most 8,192 tokens ({@link TokenWeigher})
 */
record Text(
        @NotBlank
        @Size(max = 65_536, message = "must not be longer than 65536 characters")
        @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must not contain U+0000 or half a surrogate pair")
        String text) {}
