package io.asyncbatcher.sample.sqs;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;

/** What calls of SQS pass on their way: there they are counted, answered as SQS seldom does, or find nobody. */
final class SqsProxy implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String TARGET = "X-Amz-Target";

    private final WireMockServer proxy;
    private final int behind;

    SqsProxy(int behind) throws IOException {
        this.behind = behind;
        this.proxy = new WireMockServer(options().bindAddress(LOOPBACK).port(freePort()));
        open();
        reset();
    }

    URI address() {
        return URI.create("http://" + LOOPBACK + ":" + proxy.port());
    }

    void open() {
        proxy.start();
    }

    @Override
    public void close() {
        proxy.stop();
    }

    /** Lets everything through, and counts from nought. */
    void reset() {
        proxy.resetAll();
        proxy.stubFor(
                any(anyUrl()).atPriority(10).willReturn(aResponse().proxiedFrom("http://" + LOOPBACK + ":" + behind)));
    }

    /** The next call that sends is answered so; those after it go through. */
    void answerOnce(ResponseDefinitionBuilder answer) {
        proxy.stubFor(post(anyUrl())
                .withHeader(TARGET, equalTo("AmazonSQS.SendMessageBatch"))
                .atPriority(1)
                .inScenario("once")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(answer)
                .willSetStateTo("answered"));
    }

    /** The bodies of the calls of an operation. */
    List<String> calls(String operation) {
        return proxy.findAll(postRequestedFor(anyUrl()).withHeader(TARGET, equalTo("AmazonSQS." + operation))).stream()
                .map(call -> call.getBodyAsString())
                .toList();
    }

    /** Not one that is drawn at each start: the proxy starts again where it was. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
