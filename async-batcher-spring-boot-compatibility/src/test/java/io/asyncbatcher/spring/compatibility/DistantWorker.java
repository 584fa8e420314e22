package io.asyncbatcher.spring.compatibility;

import io.asyncbatcher.spring.Batched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** An application whose batcher {@code distant} others can reach. */
final class DistantWorker implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final int port;

    private DistantWorker(ConfigurableApplicationContext context, int port) {
        this.context = context;
        this.port = port;
    }

    static DistantWorker start(String... properties) throws IOException {
        int port = freePort();
        return new DistantWorker(
                SpringApplication.run(
                        Application.class,
                        Stream.concat(
                                        Stream.of(
                                                "--spring.main.web-application-type=none",
                                                "--spring.main.banner-mode=off",
                                                "--batcher.server.port=" + port,
                                                "--batcher.server.address=127.0.0.1",
                                                "--batcher.server.expose=distant",
                                                "--batcher.instances.distant.max-queue-time=0",
                                                "--batcher.instances.distant.remote.target="),
                                        Stream.of(properties))
                                .toArray(String[]::new)),
                port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        context.close();
    }

    @EnableAutoConfiguration
    @Import(Texts.class)
    static class Application {}

    static class Texts {
        @Batched("distant")
        List<String> load(List<TextsApplication.Id> ids) {
            return ids.stream().map(id -> "distant text " + id.value()).toList();
        }
    }
}
