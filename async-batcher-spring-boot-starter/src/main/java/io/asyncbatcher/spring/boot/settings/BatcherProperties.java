package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.spring.boot.BatcherSettings;
import io.asyncbatcher.spring.boot.InstanceSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** All properties of the starter. What a batcher gets of them is read by {@link ConfiguredBatchers}. */
@ConfigurationProperties(prefix = "batcher", ignoreUnknownFields = false)
public final class BatcherProperties extends BatcherSettings implements AopInfrastructureBean {

    /** Whether to create batchers for methods annotated with Batched. */
    private boolean enabled = true;

    /**
     * Whether every item is a batch of its own, on the thread that hands it over: for tests, whose transactions such a
     * batch sees.
     */
    private boolean synchronous;

    /** Whether to log failed batches and rejected items as warnings, at most one for each batcher in ten seconds. */
    private boolean logFailures = true;

    /** Settings of batchers by name. They override those of the annotation. */
    private final Map<String, InstanceSettings> instances = new LinkedHashMap<>();

    /** What other applications can reach. */
    private final Server server = new Server();

    /** When batchers are unhealthy. */
    private final Health health = new Health();

    /** What web applications do. */
    private final Web web = new Web();

    /** The names below {@code batcher} of all properties that are no option of a batcher. */
    static List<String> otherNames() {
        List<String> options = OptionNames.properties(BatcherSettings.class);
        return names("", BatcherProperties.class)
                .filter(name -> !options.contains(name))
                .sorted()
                .toList();
    }

    private static Stream<String> names(String prefix, Class<?> type) {
        Stream<String> groups = Arrays.stream(BeanUtils.getPropertyDescriptors(type))
                .filter(group -> group.getPropertyType().getEnclosingClass() == BatcherProperties.class)
                .flatMap(group -> names(prefix + OptionNames.property(group.getName()) + ".", group.getPropertyType()));
        return Stream.concat(OptionNames.properties(type).stream().map(prefix::concat), groups);
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isSynchronous() {
        return synchronous;
    }

    public void setSynchronous(boolean synchronous) {
        this.synchronous = synchronous;
    }

    public boolean isLogFailures() {
        return logFailures;
    }

    public void setLogFailures(boolean logFailures) {
        this.logFailures = logFailures;
    }

    public Map<String, InstanceSettings> getInstances() {
        return instances;
    }

    public Health getHealth() {
        return health;
    }

    public Web getWeb() {
        return web;
    }

    public Server getServer() {
        return server;
    }

    /** What other applications can reach. */
    public static final class Server {

        /** Port of the server for batchers of this application. 0 means any free port. There is no server without it. */
        private @Nullable Integer port;

        /** Address of that server. All addresses of the machine by default. */
        private @Nullable String address;

        /** Names of the batchers that other applications can reach. */
        private List<String> expose = new ArrayList<>();

        /** Name of the SSL bundle with the key of the server. */
        private @Nullable String sslBundle;

        /** Whether clients must present a certificate that the SSL bundle trusts. */
        private boolean clientAuth;

        /** Whether to send the messages of failures, which may contain items, to clients, and not only their classes. */
        private boolean failureMessages;

        /** Time after which a client's connection is renewed, without loss. It then goes to the first worker again. */
        private @Nullable Duration maxConnectionAge;

        /** Maximum number of clients that have meters of their own. Further clients share the tag value 'other'. 0 means no such meters. */
        private int metersByClient;

        public @Nullable Integer getPort() {
            return port;
        }

        public void setPort(@Nullable Integer port) {
            this.port = port;
        }

        public @Nullable String getAddress() {
            return address;
        }

        public void setAddress(@Nullable String address) {
            this.address = address;
        }

        public List<String> getExpose() {
            return expose;
        }

        public void setExpose(List<String> expose) {
            this.expose = expose;
        }

        public @Nullable String getSslBundle() {
            return sslBundle;
        }

        public void setSslBundle(@Nullable String sslBundle) {
            this.sslBundle = sslBundle;
        }

        public boolean isClientAuth() {
            return clientAuth;
        }

        public void setClientAuth(boolean clientAuth) {
            this.clientAuth = clientAuth;
        }

        public boolean isFailureMessages() {
            return failureMessages;
        }

        public void setFailureMessages(boolean failureMessages) {
            this.failureMessages = failureMessages;
        }

        public @Nullable Duration getMaxConnectionAge() {
            return maxConnectionAge;
        }

        public void setMaxConnectionAge(@Nullable Duration maxConnectionAge) {
            this.maxConnectionAge = maxConnectionAge;
        }

        public int getMetersByClient() {
            return metersByClient;
        }

        public void setMetersByClient(int metersByClient) {
            this.metersByClient = metersByClient;
        }
    }

    /** What web applications do. */
    public static final class Web {

        /** How failures raised by a batcher are responded to. */
        private final ProblemDetails problemDetails = new ProblemDetails();

        public ProblemDetails getProblemDetails() {
            return problemDetails;
        }
    }

    /** How failures raised by a batcher are responded to. */
    public static final class ProblemDetails {

        /**
         * Whether a failure raised by a batcher is responded to with a problem detail (RFC 9457) where no handler of the
         * application takes it.
         */
        private boolean enabled = true;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** When batchers are unhealthy, and what they are then. */
    public static final class Health {

        /** Time for which a batch may run, or continue after its timeout, before its batcher is unhealthy. */
        private Duration stuckAfter = Duration.ofMinutes(5);

        /** Time for which the queue may be full at every health check before its batcher is unhealthy. */
        private Duration fullAfter = Duration.ofMinutes(1);

        /** Time for which no worker of a remote batcher may be reachable before the batcher is unhealthy. */
        private Duration unreachableAfter = Duration.ofSeconds(30);

        /** Code of the health status while a batcher is stuck, full or unreachable. */
        private String status = "DOWN";

        public Duration getStuckAfter() {
            return stuckAfter;
        }

        public void setStuckAfter(Duration stuckAfter) {
            this.stuckAfter = stuckAfter;
        }

        public Duration getFullAfter() {
            return fullAfter;
        }

        public void setFullAfter(Duration fullAfter) {
            this.fullAfter = fullAfter;
        }

        public Duration getUnreachableAfter() {
            return unreachableAfter;
        }

        public void setUnreachableAfter(Duration unreachableAfter) {
            this.unreachableAfter = unreachableAfter;
        }

        public String getStatus() {
            return status;
        }

        public void setStatus(String status) {
            this.status = status;
        }
    }
}
