package io.asyncbatcher.sample.rabbitmq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.springframework.test.util.TestSocketUtils;
import org.springframework.util.FileSystemUtils;

/** Qpid, on this machine only; what it keeps goes with it. */
final class AmqpBroker implements AutoCloseable {

    private static final String CONFIGURATION = """
            {
              "name": "broker",
              "modelVersion": "9.1",
              "authenticationproviders": [{
                "name": "users", "type": "Plain", "secureOnlyMechanisms": [],
                "users": [{"name": "guest", "password": "guest", "type": "managed"}]
              }],
              "ports": [{
                "name": "amqp", "port": "%d", "bindingAddress": "127.0.0.1",
                "authenticationProvider": "users", "protocols": ["AMQP_0_9_1"],
                "virtualhostaliases": [{"name": "default", "type": "defaultAlias"}]
              }],
              "virtualhostnodes": [{
                "name": "default", "type": "Memory", "defaultVirtualHostNode": "true",
                "virtualHostInitialConfiguration": "{\\"type\\": \\"Memory\\"}"
              }]
            }
            """;

    private final SystemLauncher launcher = new SystemLauncher();
    private final int port = TestSocketUtils.findAvailableTcpPort();
    private final Path directory;

    private AmqpBroker(Path directory) {
        this.directory = directory;
    }

    static AmqpBroker start() throws Exception {
        AmqpBroker broker = new AmqpBroker(Files.createTempDirectory("amqp-broker"));
        Path configuration =
                Files.writeString(broker.directory.resolve("broker.json"), CONFIGURATION.formatted(broker.port));
        broker.launcher.startup(Map.of(
                "type",
                "Memory",
                "initialConfigurationLocation",
                configuration.toUri().toString(),
                "qpid.work_dir",
                broker.directory.toString(),
                "startupLoggedToSystemOut",
                "false"));
        return broker;
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        launcher.shutdown();
        FileSystemUtils.deleteRecursively(directory);
    }
}
