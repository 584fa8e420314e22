package io.asyncbatcher.sample.openai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
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
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.util.TestSocketUtils;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's API on the loopback, as far as embeddings go, with what it documents for them ({@link OpenAiModel}). */
@TestConfiguration(proxyBeanMethods = false)
@Profile("openai")
class OpenAiServer {

    static final String TOKEN = "sk-secret";
    static final String PATH = "/api/openai/embeddings";

    private static final JsonMapper JSON = new JsonMapper();

    @Bean(destroyMethod = "stop")
    WireMockServer openAiWireMock() {
        // A port that stays the same when it is stopped and started again.
        WireMockServer server = new WireMockServer(options()
                .port(TestSocketUtils.findAvailableTcpPort())
                .bindAddress("127.0.0.1")
                .http2PlainDisabled(true)
                .notifier(new ConsoleNotifier(false))
                .extensions(new OpenAiModel()));
        server.start();
        stub(server);
        return server;
    }

    @Bean
    DynamicPropertyRegistrar openAiAddress(WireMockServer openAiWireMock) {
        return properties -> {
            properties.add("openai.base-url", openAiWireMock::baseUrl);
            properties.add("openai.token", () -> TOKEN);
        };
    }

    /** Forgets what earlier tests did. */
    static void reset(WireMockServer server) {
        server.resetRequests();
        server.resetScenarios();
        stub(server);
    }

    /** Has the next request answered so. */
    static void first(WireMockServer server, ResponseDefinitionBuilder response) {
        server.stubFor(post("/v1/embeddings")
                .atPriority(1)
                .inScenario("first")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("then")
                .willReturn(response));
    }

    /** The body of a request to the sample. */
    static String body(String text) {
        return JSON.writeValueAsString(new Text(text));
    }

    static void assertEmbeds(HttpResponse<String> answer, String text) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        float[] vector = JSON.treeToValue(Callers.json(answer).path("embedding"), float[].class);
        assertThat(vector).containsExactly(OpenAiModel.vector(text));
    }

    /** The texts of each request since the last reset. */
    static List<List<String>> requests(WireMockServer server) {
        return server.findAll(postRequestedFor(urlEqualTo("/v1/embeddings"))).stream()
                .map(request -> OpenAiModel.input(request.getBody()))
                .toList();
    }

    static void stub(WireMockServer server) {
        server.resetMappings();
        server.stubFor(
                post("/v1/embeddings").atPriority(10).willReturn(okJson("""
                        {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error",
                         "param": null, "code": "invalid_api_key"}}
                        """).withStatus(401)));
        server.stubFor(post("/v1/embeddings")
                .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                .withHeader("Content-Type", equalTo("application/json"))
                .atPriority(5)
                .willReturn(aResponse().withTransformers("embeddings")));
    }
}
