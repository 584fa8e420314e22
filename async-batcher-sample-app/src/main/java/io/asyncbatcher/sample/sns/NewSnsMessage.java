package io.asyncbatcher.sample.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message as somebody publishes it. What SNS, or a queue of SQS behind a topic, doesn't take (characters that XML doesn't
 * know, too many bytes) is rejected here, before it has neighbours.
 *
 * @param message the text
 * @param subject of the mail, for who is told by mail
 * @param attributes texts beside it, by name, which subscriptions filter by
 */
record NewSnsMessage(
        @NotEmpty @Pattern(regexp = NewSnsMessage.TEXT, message = "must not contain control characters")
        String message,

        @Pattern(regexp = "[!-~][ -~]{0,98}", message = "must be 1 to 99 ASCII characters, the first no space")
        @Nullable
        String subject,

        @Size(max = 10, message = "must not be more than 10")
        Map<String, String> attributes) {

    /** What SNS takes as one message, and as one call, unless a topic is set to more. */
    static final int MAX_BYTES = 262_144;

    static final String ATTRIBUTE_TYPE = "String";

    static final String TEXT = "[\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]*";

    private static final String ATTRIBUTE = "(?!(?i:aws|amazon)\\.)(?=.{1,256}$)[\\w-]+(\\.[\\w-]+)*";

    NewSnsMessage(String message, @Nullable String subject, @Nullable Map<String, String> attributes) {
        this.message = message;
        this.subject = subject;
        this.attributes = Objects.requireNonNullElseGet(attributes, Map::of);
    }

    @AssertTrue(message = "must have names of letters, digits, '_', '-' and single dots, and values that are texts")
    boolean isAttributes() {
        return attributes.entrySet().stream()
                .allMatch(attribute -> attribute.getKey().matches(ATTRIBUTE)
                        && attribute.getValue() != null
                        && !attribute.getValue().isEmpty()
                        && attribute.getValue().matches(TEXT));
    }

    @AssertTrue(message = "must not be more than " + MAX_BYTES + " bytes, subject and attributes included")
    boolean isMessage() {
        return message == null || !isAttributes() || bytes() <= MAX_BYTES;
    }

    /** What SNS counts, in UTF-8: the text, names, types and values; and the subject, to be on the safe side. */
    long bytes() {
        long bytes = message.getBytes(UTF_8).length;
        if (subject != null) {
            bytes += subject.length();
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            bytes += attribute.getKey().getBytes(UTF_8).length
                    + ATTRIBUTE_TYPE.length()
                    + attribute.getValue().getBytes(UTF_8).length;
        }
        return bytes;
    }
}
