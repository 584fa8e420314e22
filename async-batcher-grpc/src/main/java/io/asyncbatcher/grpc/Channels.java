package io.asyncbatcher.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The channels that clients make themselves. */
final class Channels {

    /** What {@code ring_hash} hashes to choose the worker of a stream. */
    static final String HASHED_HEADER = "async-batcher-lane";

    /** The policy's name in gRPC for Java, where it is in {@code grpc-xds}. */
    private static final String RING_HASH = "ring_hash_experimental";

    /** Without it gRPC for Java ignores the name of the header. It is read for each channel. */
    private static final String HASH_BY_HEADER = "GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY";

    private static final String LIST = HostList.SCHEME + ":///";

    private static final Pattern LOOPBACK = Pattern.compile(
            "(?:[a-z]+:/*)?(?:localhost|127(?:\\.\\d+){3}|\\[::1])(?::\\d+)?|unix:.*", Pattern.CASE_INSENSITIVE);

    static {
        NameResolverRegistry.getDefaultRegistry().register(new HostList());
    }

    private Channels() {}

    static ManagedChannel open(String target, Routing routing, ChannelCredentials credentials) {
        if (credentials instanceof InsecureChannelCredentials && !isLoopback(target)) {
            System.getLogger(GrpcBatcher.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "Items go to ''{0}'' without TLS: whoever is on the way can read and change them."
                                    + " Give the client channel credentials with TLS",
                            target);
        }
        return Grpc.newChannelBuilder(target, credentials)
                .directExecutor() // a session's callbacks are short, and hand user code over
                .disableRetry() // nothing but the hello is ever on a stream that could be tried again
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .disableServiceConfigLookUp()
                .defaultServiceConfig(Map.of("loadBalancingConfig", List.of(policy(routing))))
                .build();
    }

    private static Map<String, ?> policy(Routing routing) {
        return switch (routing) {
            case PICK_FIRST -> Map.of("pick_first", Map.of());
            case ROUND_ROBIN -> Map.of("round_robin", Map.of());
            case HASH -> {
                if (LoadBalancerRegistry.getDefaultRegistry().getProvider(RING_HASH) == null) {
                    throw new IllegalStateException(
                            "Routing by hash needs gRPC's ring_hash policy; add io.grpc:grpc-xds to the class path");
                }
                if (System.getenv(HASH_BY_HEADER) == null && System.getProperty(HASH_BY_HEADER) == null) {
                    System.setProperty(HASH_BY_HEADER, "true");
                }
                yield Map.of(RING_HASH, Map.of("requestHashHeader", HASHED_HEADER));
            }
        };
    }

    static boolean isLoopback(String target) {
        String hosts = target.startsWith(LIST) ? target.substring(LIST.length()) : target;
        return Arrays.stream(hosts.split(","))
                .allMatch(host -> LOOPBACK.matcher(host).matches());
    }
}
