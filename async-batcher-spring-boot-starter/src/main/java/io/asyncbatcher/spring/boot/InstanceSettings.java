package io.asyncbatcher.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * The properties of one batcher: its options, and where it is if it is in another application. Public for the sake of IDEs
 * alone.
 */
public final class InstanceSettings extends BatcherSettings {

    /** Where the batcher is, if it is in another application. */
    private final Remote remote = new Remote();

    /** Nothing is set. */
    public InstanceSettings() {}

    public Remote getRemote() {
        return remote;
    }

    /** Which worker gets an item, where there are several. */
    public enum Routing {
        /** The first that can be reached: the fullest batches. */
        PICK_FIRST,
        /** The one that its key belongs to. */
        HASH,
        /** Each in turn. */
        ROUND_ROBIN
    }

    /** Where the batcher is, if it is in another application. */
    public static final class Remote {

        /** Where the workers are, as in dns:///pricing:9090 or list:///pricing-1:9090,pricing-2:9090. */
        private @Nullable String target;

        /** Which worker gets an item, where there are several. */
        private Routing routing = Routing.PICK_FIRST;

        /** The bean name of the function that gives an item's key, by which items keep their order, and are routed by hash. */
        private @Nullable String partitionBy;

        /** Whether an item may run twice: then it is sent once more where the worker that had it is lost. */
        private boolean idempotent;

        /** The name of the SSL bundle that the connection is secured with; with a key for mutual TLS. */
        private @Nullable String sslBundle;

        /** The bean name of gRPC's call credentials, a token for instance. */
        private @Nullable String callCredentials;

        /** Nothing is set. */
        public Remote() {}

        public @Nullable String getTarget() {
            return target;
        }

        public void setTarget(@Nullable String target) {
            this.target = target;
        }

        public Routing getRouting() {
            return routing;
        }

        public void setRouting(Routing routing) {
            this.routing = routing;
        }

        public @Nullable String getPartitionBy() {
            return partitionBy;
        }

        public void setPartitionBy(@Nullable String partitionBy) {
            this.partitionBy = partitionBy;
        }

        public boolean isIdempotent() {
            return idempotent;
        }

        public void setIdempotent(boolean idempotent) {
            this.idempotent = idempotent;
        }

        public @Nullable String getSslBundle() {
            return sslBundle;
        }

        public void setSslBundle(@Nullable String sslBundle) {
            this.sslBundle = sslBundle;
        }

        public @Nullable String getCallCredentials() {
            return callCredentials;
        }

        public void setCallCredentials(@Nullable String callCredentials) {
            this.callCredentials = callCredentials;
        }
    }
}
