package io.asyncbatcher.sample.x;

import static java.util.stream.Collectors.joining;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Profile;
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
 * The API of X. Look-ups change nothing, so a failed one can always be sent again; what differs is when: in the next
 * window after a rate limit, soon where X is down, and not before an operator did something where it rejects the token,
 * or the month's posts are used up.
 */
@Component
@Profile("x")
@EnableConfigurationProperties(XProperties.class)
class XApi {

    private static final String SYSTEM = "X";
    private static final Duration OPERATORS_TURN = Duration.ofMinutes(1);

    /** Far above the answer to a hundred ids; what is longer isn't read to its end. */
    private static final long MAX_ANSWER_CHARS = 4 << 20;

    /** Not the application's own, which is strict with requests: X may add fields whenever it likes. */
    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_ANSWER_CHARS)
                            .build())
                    .build())
            .build();

    private final RestClient client;
    private final XRateLimitWindow window;

    XApi(XProperties properties, ObjectProvider<Clock> clock) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(properties.connectTimeout())
                .build());
        requests.setReadTimeout(properties.readTimeout());
        client = RestClient.builder()
                .requestFactory(requests)
                .baseUrl(properties.baseUrl())
                .defaultHeaders(headers -> headers.setBearerAuth(properties.token()))
                .build();
        window = new XRateLimitWindow(clock.getIfAvailable(Clock::systemUTC));
    }

    /**
     * Looks posts up.
     *
     * @param ids up to a hundred
     * @return the answer: posts in {@code data}, in no certain order, and {@code errors} of single ids
     */
    JsonNode posts(List<Long> ids) {
        try {
            return client.get()
                    .uri(
                            "/2/tweets?ids={ids}&tweet.fields=author_id,created_at",
                            ids.stream().map(String::valueOf).collect(joining(",")))
                    .accept(MediaType.APPLICATION_JSON)
                    .exchangeForRequiredValue((request, response) -> answer(response));
        } catch (ResourceAccessException e) {
            throw new SystemUnavailableException(SYSTEM, true, e);
        }
    }

    /** What to tell a caller whose time was over: that the look-up had no effect, and when to come again. */
    Throwable inVain(Throwable failure) {
        return failure instanceof ItemExpiredException || failure instanceof BatchAbortedException
                ? new SystemUnavailableException(SYSTEM, window.remaining(), failure)
                : failure;
    }

    /** A failure of X's, seen in its answer. */
    static SystemUnavailableException unavailable(String why) {
        return new SystemUnavailableException(SYSTEM, true, new RestClientException(why));
    }

    private JsonNode answer(ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value();
        JsonNode answer = read(response);
        // Both are 429, but a new month is nothing to wait for.
        boolean isUsedUp = answer.path("type").asString("").endsWith("/usage-capped");
        if (status == 429 && !isUsedUp) {
            throw window.rateLimited(response.getHeaders());
        }
        if (status == 401 || status == 403 || isUsedUp) {
            throw new SystemUnavailableException(
                    SYSTEM,
                    OPERATORS_TURN,
                    new RestClientException(
                            status + (isUsedUp ? ": the usage cap is reached" : ": x.token is rejected")));
        }
        if (status != 200
                || !(answer.path("data").isArray() || answer.path("errors").isArray())) {
            throw unavailable("Answered " + status + " without data");
        }
        return answer;
    }

    private JsonNode read(ClientHttpResponse response) throws IOException {
        try {
            return json.readTree(response.getBody());
        } catch (JacksonException e) {
            return MissingNode.getInstance(); // a page of some proxy, or cut off: no data in any case
        }
    }
}
