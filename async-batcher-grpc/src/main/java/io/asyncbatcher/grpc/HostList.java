package io.asyncbatcher.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Resolves a target that lists its workers: {@code list:///pricing-1:9090,pricing-2:9090}. gRPC for Java has none of the kind. */
final class HostList extends NameResolverProvider {

    static final String SCHEME = "list";

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return SCHEME.equals(target.getScheme()) ? new Resolver(hosts(target), args) : null;
    }

    /**
     * The hosts that a target lists.
     *
     * @throws IllegalArgumentException if one has no port, or there is none
     */
    static List<HostAndPort> hosts(URI target) {
        String path = Objects.requireNonNullElse(target.getPath(), "");
        return Arrays.stream(path.substring(path.startsWith("/") ? 1 : 0).split(","))
                .map(HostAndPort::of)
                .toList();
    }

    record HostAndPort(String host, int port) {

        static HostAndPort of(String text) {
            int colon = text.lastIndexOf(':');
            try {
                return new HostAndPort(
                        text.substring(0, colon).trim(),
                        Integer.parseInt(text.substring(colon + 1).trim()));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IllegalArgumentException(
                        "A target that lists workers is list:///host:port,host:port, but has '" + text + "'", e);
            }
        }
    }

    private static final class Resolver extends NameResolver {

        private final List<HostAndPort> hosts;
        private final Args args;
        private @Nullable Listener2 listener;

        Resolver(List<HostAndPort> hosts, Args args) {
            this.hosts = hosts;
            this.args = args;
        }

        @Override
        public String getServiceAuthority() {
            return hosts.get(0).host() + ":" + hosts.get(0).port();
        }

        @Override
        public void start(Listener2 newListener) {
            listener = newListener;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 told = Objects.requireNonNull(listener);
            Executor offload = args.getOffloadExecutor();
            Runnable lookUp = () -> {
                ResolutionResult found = lookUp();
                args.getSynchronizationContext().execute(() -> told.onResult(found));
            };
            if (offload == null) {
                lookUp.run();
            } else {
                offload.execute(lookUp);
            }
        }

        private ResolutionResult lookUp() {
            List<EquivalentAddressGroup> addresses = new ArrayList<>();
            for (HostAndPort each : hosts) {
                InetSocketAddress address = new InetSocketAddress(each.host(), each.port());
                if (!address.isUnresolved()) {
                    addresses.add(new EquivalentAddressGroup(address));
                }
            }
            return ResolutionResult.newBuilder()
                    .setAddressesOrError(
                            addresses.isEmpty()
                                    ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(
                                            "None of the hosts " + hosts + " is known"))
                                    : StatusOr.fromValue(addresses))
                    .build();
        }

        @Override
        public void shutdown() {}
    }
}
