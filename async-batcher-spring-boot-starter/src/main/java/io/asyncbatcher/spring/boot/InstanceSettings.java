package io.asyncbatcher.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * The properties of one batcher: its options, and its location if it runs in another application. Public only for IDEs.
 */
public final class InstanceSettings extends BatcherSettings {

    /** Location of the batcher, if it runs in another application. */
    private final Remote remote = new Remote();

    /** Creates settings without values. */
    public InstanceSettings() {}

    public Remote getRemote() {
        return remote;
    }

    /** Which worker gets an item, if there are several. */
    public enum Routing {
        /** The first worker that is reachable. Its batches are the fullest. */
        PICK_FIRST,
        /** The worker of the item's key. */
        HASH,
        /** Each worker in turn. */
        ROUND_ROBIN
    }

    /** Location of the batcher, if it runs in another application. */
    public static final class Remote {

        /** Addresses of the workers, for example dns:///pricing:9090 or list:///pricing-1:9090,pricing-2:9090. */
        private @Nullable String target;

        /** Which worker gets an item, if there are several. */
        private Routing routing = Routing.PICK_FIRST;

        /**
         * Bean name of the function that returns the key of an item. Items of one key keep their order. Routing by hash
         * uses the key.
         */
        private @Nullable String partitionBy;

        /** Whether an item may run twice. If so, it is sent once more after its worker is lost. */
        private boolean idempotent;

        /** Name of the SSL bundle of the connection. For mutual TLS it has a key. */
        private @Nullable String sslBundle;

        /** Bean name of the call credentials of gRPC, for example a token. */
        private @Nullable String callCredentials;

        /** Creates settings without values. */
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
