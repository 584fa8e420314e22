package io.asyncbatcher.sample.openai;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Embeds what it is given: a text's vector depends on the whole text. The vectors come in any order, and the limits are
 * those of the embedding models; a text with a {@code ⛔} is one that OpenAI rejects, with all others of the request.
 */
final class OpenAiModel implements ResponseDefinitionTransformerV2 {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

    static List<String> input(byte[] request) {
        return JSON.readTree(request)
                .path("input")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    static int tokens(String text) {
        return ENCODING.countTokensOrdinary(text);
    }

    static float[] vector(String text) {
        Random random = new Random(text.hashCode());
        float[] vector = new float[8];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextFloat(-1, 1);
        }
        return vector;
    }

    @Override
    public String getName() {
        return "embeddings";
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        JsonNode request = JSON.readTree(event.getRequest().getBody());
        List<String> texts = input(event.getRequest().getBody());
        if (!request.path("model").asString().equals("text-embedding-3-small")
                || !request.path("encoding_format").asString().equals("base64")) {
            return rejection("The model does not exist", "invalid_request_error");
        }
        if (texts.isEmpty()
                || texts.size() > 2_048
                || texts.stream().anyMatch(text -> text.isEmpty() || text.contains("⛔"))) {
            return rejection("'$.input' is invalid. Please check the API reference.", "invalid_request_error");
        }
        int tooLong = IntStream.range(0, texts.size())
                .filter(i -> tokens(texts.get(i)) > 8_192)
                .findFirst()
                .orElse(-1);
        if (tooLong >= 0) {
            return rejection(
                    "Invalid 'input[" + tooLong + "]': maximum input length is 8192 tokens.", "invalid_request_error");
        }
        int tokens = texts.stream().mapToInt(OpenAiModel::tokens).sum();
        if (tokens > 300_000) {
            return rejection(
                    "Requested " + tokens + " tokens, max 300000 tokens per request", "max_tokens_per_request");
        }
        List<Map<String, Object>> data = new ArrayList<>(IntStream.range(0, texts.size())
                .mapToObj(i -> Map.<String, Object>of(
                        "object", "embedding", "index", i, "embedding", base64(vector(texts.get(i)))))
                .toList());
        Collections.shuffle(data);
        return answer(
                200,
                Map.of(
                        "object",
                        "list",
                        "data",
                        data,
                        "model",
                        "text-embedding-3-small",
                        "usage",
                        Map.of("prompt_tokens", tokens, "total_tokens", tokens)));
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static ResponseDefinition rejection(String message, String type) {
        Map<String, Object> error = new HashMap<>();
        error.put("message", message);
        error.put("type", type);
        error.put("param", null);
        error.put("code", null);
        return answer(400, Map.of("error", error));
    }

    private static ResponseDefinition answer(int status, Map<String, ?> body) {
        return ResponseDefinitionBuilder.responseDefinition()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withHeader("x-ratelimit-limit-requests", "3000")
                .withHeader("x-ratelimit-limit-tokens", "1000000")
                .withBody(JSON.writeValueAsString(body))
                .build();
    }
}
