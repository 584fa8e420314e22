package io.asyncbatcher.sample.github;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.ConsoleNotifier;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.asyncbatcher.sample.Callers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.util.TestSocketUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GitHub's GraphQL API on the loopback: the part of its schema that the sample asks for, executed by a GraphQL engine, with
 * the answers, headers and errors that GitHub documents. Everybody has every repository, but for those that are called
 * {@code missing…}.
 */
@TestConfiguration(proxyBeanMethods = false)
@Profile("github")
class GitHubServer {

    static final String TOKEN = "github_pat_secret";

    static final String PATH = "/api/github/repositories/";

    private static final JsonMapper JSON = new JsonMapper();

    @Bean(destroyMethod = "stop")
    WireMockServer gitHubWireMock() {
        // A port that stays the same when it is stopped and started again.
        WireMockServer server = new WireMockServer(options()
                .port(TestSocketUtils.findAvailableTcpPort())
                .bindAddress("127.0.0.1")
                .http2PlainDisabled(true)
                .notifier(new ConsoleNotifier(false))
                .extensions(new GitHubGraphQl()));
        server.start();
        stub(server);
        return server;
    }

    @Bean
    DynamicPropertyRegistrar gitHubAddress(WireMockServer gitHubWireMock) {
        return properties -> {
            properties.add("github.base-url", gitHubWireMock::baseUrl);
            properties.add("github.token", () -> TOKEN);
        };
    }

    /** Forgets what earlier tests did. */
    static void reset(WireMockServer server) {
        server.resetRequests();
        server.resetScenarios();
        stub(server);
    }

    /** Has the next query answered so. */
    static void first(WireMockServer server, ResponseDefinitionBuilder response) {
        server.stubFor(post("/graphql")
                .atPriority(1)
                .inScenario("first")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("then")
                .willReturn(response));
    }

    static Stream<String> paths(int count) {
        return IntStream.range(0, count).mapToObj(i -> PATH + "owner" + i % 7 + "/repository" + i);
    }

    static void assertEachHasItsOwn(List<HttpResponse<String>> answers) {
        assertThat(answers).isNotEmpty().allSatisfy(answer -> {
            String name = answer.uri().getPath().substring(PATH.length());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Callers.json(answer)).isEqualTo(JSON.valueToTree(GitHubGraphQl.repository(name)));
        });
    }

    /** The queries since the last reset. */
    static List<JsonNode> queries(WireMockServer server) {
        return server.findAll(postRequestedFor(urlEqualTo("/graphql"))).stream()
                .map(request -> JSON.readTree(request.getBody()))
                .toList();
    }

    /** How many repositories each query asked for. */
    static List<Long> aliases(WireMockServer server) {
        return queries(server).stream()
                .map(query -> Pattern.compile("i\\d+: ")
                        .matcher(query.path("query").asString())
                        .results()
                        .count())
                .toList();
    }

    /** Answers as GitHub does, and nothing else. */
    static void stub(WireMockServer server) {
        server.resetMappings();
        server.stubFor(post("/graphql")
                .atPriority(10)
                .willReturn(okJson("{\"message\": \"Bad credentials\", \"status\": \"401\"}")
                        .withStatus(401)));
        server.stubFor(post("/graphql")
                .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                .withHeader("Content-Type", equalTo("application/json"))
                .withHeader("User-Agent", matching(".+"))
                .atPriority(5)
                .willReturn(aResponse().withTransformers("engine")));
    }
}
