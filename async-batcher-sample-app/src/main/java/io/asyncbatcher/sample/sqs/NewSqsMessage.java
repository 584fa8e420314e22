package io.asyncbatcher.sample.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as somebody sends it. What no queue takes (characters that XML doesn't know, too many bytes) is rejected here,
 * before it has neighbours.
 *
 * @param body the text
 * @param attributes texts beside it, by name
 * @param group the messages that a FIFO queue keeps in order; for other queues none
 * @param deduplicationId of messages with the same one a FIFO queue takes only the first for five minutes. Where there is
 *     none it is drawn here, before the first try: what is sent twice, because an answer was lost, arrives once
 */
record NewSqsMessage(
        @NotEmpty @Pattern(regexp = NewSqsMessage.TEXT, message = "must not contain control characters")
        String body,

        @Size(max = 10, message = "must not be more than 10")
        Map<String, String> attributes,

        @Pattern(regexp = NewSqsMessage.ID, message = NewSqsMessage.NOT_AN_ID) @Nullable
        String group,

        @Pattern(regexp = NewSqsMessage.ID, message = NewSqsMessage.NOT_AN_ID)
        String deduplicationId) {

    /** What SQS takes as one message, and as one call. */
    static final int MAX_BYTES = 1_048_576;

    static final String ATTRIBUTE_TYPE = "String";

    static final String TEXT = "[\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]*";
    static final String ID = "[!-~]{1,128}";
    static final String NOT_AN_ID = "must be 1 to 128 visible ASCII characters";

    private static final String ATTRIBUTE = "(?!(?i:aws|amazon)\\.)(?=.{1,256}$)[\\w-]+(\\.[\\w-]+)*";

    NewSqsMessage(
            String body,
            @Nullable Map<String, String> attributes,
            @Nullable String group,
            @Nullable String deduplicationId) {
        this.body = body;
        this.attributes = Objects.requireNonNullElseGet(attributes, Map::of);
        this.group = group;
        this.deduplicationId = Objects.requireNonNullElseGet(
                deduplicationId, () -> UUID.randomUUID().toString());
    }

    @AssertTrue(message = "must have names of letters, digits, '_', '-' and single dots, and values that are texts")
    boolean isAttributes() {
        return attributes.entrySet().stream()
                .allMatch(attribute -> attribute.getKey().matches(ATTRIBUTE)
                        && attribute.getValue() != null
                        && !attribute.getValue().isEmpty()
                        && attribute.getValue().matches(TEXT));
    }

    @AssertTrue(message = "must not be more than " + MAX_BYTES + " bytes, attributes included")
    boolean isMessage() {
        return body == null || !isAttributes() || bytes() <= MAX_BYTES;
    }

    /** What SQS counts: body, names, types and values, in UTF-8. */
    long bytes() {
        long bytes = body.getBytes(UTF_8).length;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            bytes += attribute.getKey().getBytes(UTF_8).length
                    + ATTRIBUTE_TYPE.length()
                    + attribute.getValue().getBytes(UTF_8).length;
        }
        return bytes;
    }
}
