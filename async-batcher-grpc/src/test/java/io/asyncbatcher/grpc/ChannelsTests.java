package io.asyncbatcher.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9090",
                "dns:///localhost:9090",
                "dns:///127.0.0.1:9090",
                "127.3.2.1:1",
                "[::1]:9090",
                "unix:///run/pricing",
                "list:///localhost:9090,127.0.0.1:9091"
            })
    void staysOnThisMachine(String target) {
        assertThat(Channels.isLoopback(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns:///pricing:9090",
                "10.0.0.1:9090",
                "localhost.example.com:9090",
                "dns://8.8.8.8/localhost:9090",
                "list:///localhost:9090,pricing:9090"
            })
    void leavesThisMachine(String target) {
        assertThat(Channels.isLoopback(target)).isFalse();
    }

    @Test
    void aListNeedsPorts() {
        assertThatThrownBy(() -> HostList.hosts(URI.create("list:///localhost:9090,pricing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'pricing'");
    }

    @Test
    void aClientNeedsATargetOrAChannel() {
        assertThatThrownBy(() -> GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'prices'");
    }

    @Test
    void routingByHashNeedsAPartitionKey() {
        assertThatThrownBy(() -> GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                        .target("localhost:9090")
                        .routing(Routing.HASH)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("partitionBy");
    }
}
