package io.asyncbatcher.sample.github;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
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
 * GitHub's GraphQL API. Queries change nothing, so a failed one can always be sent again; what differs is when: after the
 * time that a rate limit has left, soon where GitHub is down, and not before an operator did something where it rejects
 * the token. The last is 503 like the others: the caller has done nothing wrong, and there is no answer for him.
 */
@Component
@Profile("github")
@EnableConfigurationProperties(GitHubProperties.class)
class GitHubApi {

    private static final String SYSTEM = "GitHub";
    private static final Duration OPERATORS_TURN = Duration.ofMinutes(1);

    /** Far above the answer to a full batch; what is longer isn't read to its end. */
    private static final long MAX_ANSWER_CHARS = 1 << 20;

    /** Not the application's own, which is strict with requests: GitHub may add fields whenever it likes. */
    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_ANSWER_CHARS)
                            .build())
                    .build())
            .build();

    private final RestClient client;
    private final GitHubBackoff backoff;

    GitHubApi(GitHubProperties properties, ObjectProvider<Clock> clock) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(properties.connectTimeout())
                .build());
        requests.setReadTimeout(properties.readTimeout());
        client = RestClient.builder()
                .requestFactory(requests)
                .baseUrl(properties.baseUrl())
                .defaultHeaders(headers -> headers.setBearerAuth(properties.token()))
                .build();
        backoff = new GitHubBackoff(clock.getIfAvailable(Clock::systemUTC));
    }

    /**
     * Runs a query.
     *
     * @return the answer, with {@code data} and perhaps {@code errors} of single fields
     */
    JsonNode query(String query, Map<String, String> variables) {
        try {
            return client.post()
                    .uri("/graphql")
                    .contentType(MediaType.APPLICATION_JSON)
                    .accept(MediaType.APPLICATION_JSON)
                    .body(Map.of("query", query, "variables", variables))
                    .exchangeForRequiredValue((request, response) -> answer(response));
        } catch (ResourceAccessException e) {
            throw new SystemUnavailableException(SYSTEM, true, e);
        }
    }

    /** What to tell a caller whose time was over: that the look-up had no effect, and when to come again. */
    Throwable inVain(Throwable failure) {
        return failure instanceof ItemExpiredException || failure instanceof BatchAbortedException
                ? new SystemUnavailableException(SYSTEM, backoff.remaining(), failure)
                : failure;
    }

    /** A failure of GitHub's, seen in its answer. */
    static SystemUnavailableException unavailable(String why) {
        return new SystemUnavailableException(SYSTEM, true, new RestClientException(why));
    }

    private JsonNode answer(ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value();
        HttpHeaders headers = response.getHeaders();
        JsonNode answer = read(response);
        if (isRateLimited(status, headers, answer)) {
            throw backoff.rateLimited(headers);
        }
        if (status == 401 || status == 403) {
            throw new SystemUnavailableException(
                    SYSTEM, OPERATORS_TURN, new RestClientException(status + ": github.token is rejected"));
        }
        if (status != 200 || !answer.path("data").isObject()) {
            throw unavailable("Answered " + status + " without data");
        }
        backoff.reset();
        return answer;
    }

    private JsonNode read(ClientHttpResponse response) throws IOException {
        try {
            return json.readTree(response.getBody());
        } catch (JacksonException e) {
            return MissingNode.getInstance(); // a page of some proxy, or cut off: no data in any case
        }
    }

    /** When the hour's points are used up, the status is still 200; with too much at once 200, 403 or 429. */
    private static boolean isRateLimited(int status, HttpHeaders headers, JsonNode answer) {
        return switch (status) {
            case 429 -> true;
            case 403 -> headers.containsHeader("retry-after") || tellsOfRateLimit(answer);
            case 200 ->
                tellsOfRateLimit(answer)
                        || answer.path("errors")
                                .valueStream()
                                .anyMatch(error -> !error.has("path") && tellsOfRateLimit(error));
            default -> false;
        };
    }

    private static boolean tellsOfRateLimit(JsonNode part) {
        return part.path("type").asString("").equals("RATE_LIMITED")
                || part.path("message").asString("").contains("rate limit");
    }
}
