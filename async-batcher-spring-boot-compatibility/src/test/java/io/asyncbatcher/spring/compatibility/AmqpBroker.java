package io.asyncbatcher.spring.compatibility;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.springframework.test.util.TestSocketUtils;

/** A broker that speaks AMQP 0-9-1 as RabbitMQ does, in this JVM and on this machine only. */
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

    static AmqpBroker start(Path directory) throws Exception {
        AmqpBroker broker = new AmqpBroker();
        broker.launch(directory);
        return broker;
    }

    private void launch(Path directory) throws Exception {
        Path configuration = directory.resolve("broker.json");
        Files.writeString(configuration, CONFIGURATION.formatted(port));
        launcher.startup(Map.of(
                "type", "Memory",
                "initialConfigurationLocation", configuration.toUri().toString(),
                "startupLoggedToSystemOut", "false"));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        launcher.shutdown();
    }
}
