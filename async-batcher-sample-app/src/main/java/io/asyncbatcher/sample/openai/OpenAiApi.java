package io.asyncbatcher.sample.openai;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * OpenAI's API. Embeddings change nothing, so a failed request can always be sent again; what differs is when: after the
 * time that a rate limit has left, soon where OpenAI is down, and not before an operator did something where it rejects
 * the token, or nothing is left to be spent.
 */
@Component
@Profile("openai")
@EnableConfigurationProperties(OpenAiProperties.class)
class OpenAiApi {

    private static final String SYSTEM = "OpenAI";
    private static final Duration OPERATORS_TURN = Duration.ofMinutes(1);

    /** Twice the answer to 2,048 texts with the longest vectors; what is longer isn't read to its end. */
    private static final long MAX_ANSWER_CHARS = 64 << 20;

    /** Not the application's own, which is strict with requests: OpenAI may add fields whenever it likes. */
    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_ANSWER_CHARS)
                            .build())
                    .build())
            .build();

    private final RestClient client;
    private final String model;
    private final OpenAiBackoff backoff;

    OpenAiApi(OpenAiProperties properties, ObjectProvider<Clock> clock) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(properties.connectTimeout())
                .build());
        requests.setReadTimeout(properties.readTimeout());
        client = RestClient.builder()
                .requestFactory(requests)
                .baseUrl(properties.baseUrl())
                .defaultHeaders(headers -> headers.setBearerAuth(properties.token()))
                .build();
        model = properties.model();
        backoff = new OpenAiBackoff(clock.getIfAvailable(Clock::systemUTC));
    }

    /**
     * Embeds texts.
     *
     * @return the answer's {@code data}: an {@code embedding} for each {@code index}, in no certain order
     * @throws ItemRejectedException if some text is why OpenAI takes none of them
     */
    JsonNode embeddings(List<String> texts) {
        try {
            return client.post()
                    .uri("/v1/embeddings")
                    .contentType(MediaType.APPLICATION_JSON)
                    .accept(MediaType.APPLICATION_JSON)
                    // As text, vectors are several times as long as in Base64.
                    .body(Map.of("model", model, "input", texts, "encoding_format", "base64"))
                    .exchangeForRequiredValue((request, response) -> answer(response));
        } catch (ResourceAccessException e) {
            throw new SystemUnavailableException(SYSTEM, true, e);
        }
    }

    /** What to tell a caller whose time was over: that the request had no effect, and when to come again. */
    Throwable inVain(Throwable failure) {
        return failure instanceof ItemExpiredException || failure instanceof BatchAbortedException
                ? new SystemUnavailableException(SYSTEM, backoff.remaining(), failure)
                : failure;
    }

    /** A failure of OpenAI's, seen in its answer. */
    static SystemUnavailableException unavailable(String why) {
        return new SystemUnavailableException(SYSTEM, true, new RestClientException(why));
    }

    private JsonNode answer(ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value();
        JsonNode answer = read(response);
        if (status == 200 && answer.path("data").isArray()) {
            backoff.reset();
            return answer.path("data");
        }
        JsonNode error = answer.path("error");
        // Also 429, whatever it is that is used up: credits, or what the project may spend in a month.
        boolean isUsedUp = error.path("type").asString("").equals("insufficient_quota");
        if (status == 429 && !isUsedUp) {
            throw backoff.rateLimited(response.getHeaders());
        }
        if (status == 401 || status == 403 || isUsedUp) {
            throw new SystemUnavailableException(
                    SYSTEM,
                    OPERATORS_TURN,
                    new RestClientException(
                            status + (isUsedUp ? ": the quota is used up" : ": openai.token is rejected")));
        }
        if (status == 400 && error.path("message").asString("").contains("input")) {
            throw new ItemRejectedException(HttpStatus.UNPROCESSABLE_CONTENT, "OpenAI doesn't take this text.");
        }
        Duration retryAfter = OpenAiBackoff.retryAfter(response.getHeaders());
        throw retryAfter == null
                ? unavailable("Answered " + status + " without data")
                : new SystemUnavailableException(SYSTEM, retryAfter, new RestClientException("Answered " + status));
    }

    private JsonNode read(ClientHttpResponse response) throws IOException {
        try {
            return json.readTree(response.getBody());
        } catch (JacksonException e) {
            return MissingNode.getInstance(); // a page of some proxy, or cut off: no data in any case
        }
    }
}
