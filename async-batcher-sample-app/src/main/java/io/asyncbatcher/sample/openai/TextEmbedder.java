package io.asyncbatcher.sample.openai;

import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.spring.Batched;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Embeds texts, many a request. */
@Service
@Profile("openai")
class TextEmbedder {

    private final OpenAiApi openAi;

    TextEmbedder(OpenAiApi openAi) {
        this.openAi = openAi;
    }

    /** Tells that a request failed for one of its texts: the batcher then looks for it. */
    @Bean
    static Predicate<Throwable> badText() {
        return ItemRejectedException.class::isInstance;
    }

    /**
     * Embeds texts in one request.
     *
     * @return element i is the vector of text i
     */
    @Batched("embeddings")
    List<float[]> embedAll(List<Text> texts) {
        List<String> inputs = texts.stream().map(Text::text).toList();
        Map<Integer, float[]> vectors = new HashMap<>();
        for (JsonNode embedding : openAi.embeddings(inputs)) {
            vectors.put(embedding.path("index").asInt(-1), vector(embedding.path("embedding")));
        }
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> Optional.ofNullable(vectors.get(i)))
                .map(vector -> vector.orElseThrow(() -> OpenAiApi.unavailable("An answer left out a text")))
                .toList();
    }

    private static float[] vector(JsonNode base64) {
        byte[] littleEndian;
        try {
            littleEndian = Base64.getDecoder().decode(base64.stringValue());
        } catch (IllegalArgumentException | JacksonException e) {
            throw OpenAiApi.unavailable("An answer has a vector that is no Base64");
        }
        float[] vector = new float[littleEndian.length / Float.BYTES];
        ByteBuffer.wrap(littleEndian)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }
}
