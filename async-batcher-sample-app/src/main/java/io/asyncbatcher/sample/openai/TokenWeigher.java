package io.asyncbatcher.sample.openai;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.asyncbatcher.sample.ItemRejectedException;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Counts the tokens of a text as OpenAI's embedding models do. What is thrown here fails that text alone, before it is in
 * any batch.
 */
@Component("embeddingTokens")
@Profile("openai")
final class TokenWeigher implements ToLongFunction<Text> {

    /** What an embedding model takes of one text. */
    private static final int MAX_TOKENS = 8_192;

    private final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

    @Override
    public long applyAsLong(Text text) {
        int tokens = encoding.countTokensOrdinary(text.text());
        if (tokens > MAX_TOKENS) {
            throw new ItemRejectedException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    String.format(Locale.ROOT, "The text has %,d tokens; at most %,d are taken.", tokens, MAX_TOKENS));
        }
        return tokens;
    }
}
