package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.grpc.WorkerServer;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import io.grpc.Grpc;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * The server of this application's batchers. It stops before the batchers, and gracefully: clients go elsewhere, and what was
 * accepted is answered.
 */
final class WorkerLifecycle implements SmartLifecycle, DisposableBean, AopInfrastructureBean {

    /** After message listeners and web server, before the batchers (-4096). */
    static final int PHASE = DEFAULT_PHASE - 3072;

    private static final Log log = LogFactory.getLog(WorkerLifecycle.class);

    private final WorkerServers workers;
    private final BatcherProperties.Server properties;
    private final ServerCredentials credentials;
    private final Duration grace;
    private volatile @Nullable WorkerServer server;

    /**
     * A server that is not started.
     *
     * @param grace how long what was accepted may take when it stops
     */
    WorkerLifecycle(
            WorkerServers workers, BatcherProperties.Server properties, ServerCredentials credentials, Duration grace) {
        this.workers = workers;
        this.properties = properties;
        this.credentials = credentials;
        this.grace = grace;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /** Spring Framework 7 asks whether tests may stop this between their classes; 6 doesn't know the question. */
    @SuppressWarnings("MissingOverride")
    public boolean isPauseable() {
        return false;
    }

    /** The port that the server has, which is another than the property's where that is 0. */
    int port() {
        return Objects.requireNonNull(server).port();
    }

    @Override
    public void start() {
        ServerBuilder<?> builder = Server.at(properties, credentials);
        if (properties.getMaxConnectionAge() != null) {
            builder.maxConnectionAge(properties.getMaxConnectionAge().toMillis(), TimeUnit.MILLISECONDS);
        }
        WorkerServer started;
        try {
            started = WorkerServer.start(workers.worker(), builder);
        } catch (IOException e) {
            throw new BatcherConfigurationException(
                    "The server for batchers can't listen to the port " + properties.getPort() + ": " + e.getMessage()
                            + ".",
                    "Set 'batcher.server.port' to one that is free.",
                    e);
        }
        server = started;
        log.info("Other applications can reach the batchers " + properties.getExpose() + " at port " + started.port());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its end is what the callback is for
    public void stop(Runnable callback) {
        WorkerServer stopped = server;
        server = null;
        if (stopped == null) {
            callback.run();
        } else {
            stopped.stop(grace).whenComplete((ended, failure) -> callback.run());
        }
    }

    @Override
    public void stop() {
        WorkerServer stopped = server;
        server = null;
        if (stopped != null) {
            stopped.stop(grace).join();
        }
    }

    /** Where a context gives up before it has started, nothing is stopped, and the server would keep the process alive. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is given up
    public void destroy() {
        WorkerServer left = server;
        server = null;
        if (left != null) {
            left.stop(Duration.ZERO);
        }
    }

    /** Where a server listens. */
    private static final class Server {

        static ServerBuilder<?> at(BatcherProperties.Server properties, ServerCredentials credentials) {
            int port = Objects.requireNonNull(properties.getPort());
            String address = properties.getAddress();
            boolean secured = properties.getSslBundle() != null;
            if (address == null) {
                if (!secured) {
                    warn();
                }
                return Grpc.newServerBuilderForPort(port, credentials);
            }
            InetAddress known;
            try {
                known = InetAddress.getByName(address);
            } catch (UnknownHostException e) {
                throw new BatcherConfigurationException(
                        "'batcher.server.address' is '" + address + "', which isn't known.", "Change it.", e);
            }
            if (!secured && !known.isLoopbackAddress()) {
                warn();
            }
            return NettyServerBuilder.forAddress(new InetSocketAddress(known, port), credentials);
        }

        private static void warn() {
            log.warn("Other applications can reach batchers over the network without TLS: whoever is on the way can"
                    + " read and change items. Set batcher.server.ssl-bundle, or batcher.server.address to 127.0.0.1.");
        }
    }
}
