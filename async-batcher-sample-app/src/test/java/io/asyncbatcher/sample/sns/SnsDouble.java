package io.asyncbatcher.sample.sns;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.FormParameter;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sns.SnsClientBuilder;

/**
 * What answers as SNS does, failures too that no emulator has. A message's id is {@code id of} it, and the topic {@code
 * nowhere} is unknown. No {@code @TestConfiguration}: only tests that import it have it.
 */
class SnsDouble implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final WireMockServer server;

    SnsDouble() throws IOException {
        server = new WireMockServer(
                options().bindAddress(LOOPBACK).port(freePort()).extensions(new Publisher()));
        open();
        reset();
    }

    @Bean
    @Primary
    SnsClientBuilder snsClientBuilderOfTests(@Qualifier("snsClientBuilder") SnsClientBuilder builder) {
        return builder.endpointOverride(URI.create("http://" + LOOPBACK + ":" + server.port()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                // A connection that an outage has ended would fail one more call after it, in another test perhaps.
                .overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .putHeader("Connection", "close")
                        .build());
    }

    void open() {
        server.start();
    }

    @Override
    public void close() {
        server.stop();
    }

    void reset() {
        server.resetAll();
        server.stubFor(post(anyUrl()).atPriority(10).willReturn(aResponse().withTransformers(Publisher.NAME)));
        server.stubFor(post(anyUrl())
                .withRequestBody(containing("%3Anowhere&"))
                .atPriority(5)
                .willReturn(error(404, "NotFound")));
    }

    /** The next call is answered so. */
    void answerOnce(ResponseDefinitionBuilder answer) {
        server.stubFor(post(anyUrl())
                .atPriority(1)
                .inScenario("once")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(answer)
                .willSetStateTo("answered"));
    }

    /** The messages of each call. */
    List<List<String>> calls() {
        return server.findAll(postRequestedFor(anyUrl())).stream()
                .map(SnsDouble::messages)
                .toList();
    }

    static ResponseDefinitionBuilder error(int status, String code) {
        return aResponse().withStatus(status).withBody("""
                <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
                  <Error><Type>Sender</Type><Code>%s</Code><Message>secret</Message></Error>
                  <RequestId>4711</RequestId>
                </ErrorResponse>
                """.formatted(code));
    }

    static ResponseDefinitionBuilder published(String successful, String failed) {
        return aResponse().withBody("""
                <PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>
                  <Successful>%s</Successful><Failed>%s</Failed>
                </PublishBatchResult></PublishBatchResponse>
                """.formatted(successful, failed));
    }

    static String taken(String id, String messageId) {
        return "<member><Id>%s</Id><MessageId>%s</MessageId></member>".formatted(id, messageId);
    }

    static String failed(String id, boolean senderFault) {
        return "<member><Id>%s</Id><Code>Why</Code><SenderFault>%s</SenderFault></member>".formatted(id, senderFault);
    }

    private static List<String> messages(Request call) {
        return IntStream.rangeClosed(1, 100)
                .mapToObj(i -> call.formParameter("PublishBatchRequestEntries.member." + i + ".Message"))
                .takeWhile(FormParameter::isPresent)
                .map(FormParameter::firstValue)
                .toList();
    }

    /** Not one that is drawn at each start: it shall be the same after an outage. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class Publisher implements ResponseDefinitionTransformerV2 {

        static final String NAME = "publisher";

        @Override
        public ResponseDefinition transform(ServeEvent call) {
            List<String> messages = messages(call.getRequest());
            return published(
                            IntStream.range(0, messages.size())
                                    .mapToObj(i -> taken(Integer.toString(i), "id of " + messages.get(i)))
                                    .collect(Collectors.joining()),
                            "")
                    .build();
        }

        @Override
        public String getName() {
            return NAME;
        }

        @Override
        public boolean applyGlobally() {
            return false;
        }
    }
}
