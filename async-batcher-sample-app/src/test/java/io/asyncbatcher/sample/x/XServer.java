package io.asyncbatcher.sample.x;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.ConsoleNotifier;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.asyncbatcher.sample.Callers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.util.TestSocketUtils;
import tools.jackson.databind.json.JsonMapper;

/** The API of X on the loopback, as far as the look-up of posts goes, with what it documents for it ({@link XPosts}). */
@TestConfiguration(proxyBeanMethods = false)
@Profile("x")
class XServer {

    static final String TOKEN = "x_bearer_secret";
    static final String PATH = "/api/x/posts/";

    @Bean(destroyMethod = "stop")
    WireMockServer xWireMock() {
        // A port that stays the same when it is stopped and started again.
        WireMockServer server = new WireMockServer(options()
                .port(TestSocketUtils.findAvailableTcpPort())
                .bindAddress("127.0.0.1")
                .http2PlainDisabled(true)
                .notifier(new ConsoleNotifier(false))
                .extensions(new XPosts()));
        server.start();
        stub(server);
        return server;
    }

    @Bean
    DynamicPropertyRegistrar xAddress(WireMockServer xWireMock) {
        return properties -> {
            properties.add("x.base-url", xWireMock::baseUrl);
            properties.add("x.token", () -> TOKEN);
        };
    }

    /** Forgets what earlier tests did. */
    static void reset(WireMockServer server) {
        server.resetRequests();
        server.resetScenarios();
        stub(server);
    }

    /** Has the next call answered so. */
    static void first(WireMockServer server, ResponseDefinitionBuilder response) {
        server.stubFor(get(urlPathEqualTo("/2/tweets"))
                .atPriority(1)
                .inScenario("first")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("then")
                .willReturn(response));
    }

    /** Paths of so many posts that exist. */
    static Stream<String> paths(int count) {
        return LongStream.range(0, count).mapToObj(i -> PATH + (1_346_889_436_626_000_000L + i * 1_000 + 7));
    }

    static void assertEachHasItsOwn(List<HttpResponse<String>> answers) {
        assertThat(answers).isNotEmpty().allSatisfy(answer -> {
            String id = answer.uri().getPath().substring(PATH.length());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Callers.json(answer)).isEqualTo(new JsonMapper().readTree("""
                            {"id": "%1$s", "authorId": "1%1$s", "createdAt": "2021-01-06T18:40:40.000Z", "text": "Post %1$s"}
                            """.formatted(id)));
        });
    }

    /** How many ids each call since the last reset had. */
    static List<Integer> calls(WireMockServer server) {
        return server.findAll(getRequestedFor(urlPathEqualTo("/2/tweets"))).stream()
                .map(request -> request.queryParameter("ids").firstValue().split(",").length)
                .toList();
    }

    private static void stub(WireMockServer server) {
        server.resetMappings();
        server.stubFor(get(urlPathEqualTo("/2/tweets"))
                .atPriority(10)
                .willReturn(okJson("""
                        {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
                        """).withStatus(401)));
        server.stubFor(get(urlPathEqualTo("/2/tweets"))
                .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                .atPriority(5)
                .willReturn(aResponse().withTransformers("posts")));
    }
}
