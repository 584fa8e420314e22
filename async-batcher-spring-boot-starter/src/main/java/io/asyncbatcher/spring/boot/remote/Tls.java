package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Connections secured by Spring Boot's SSL bundles. */
final class Tls {

    private final ObjectProvider<SslBundles> bundles;

    Tls(ObjectProvider<SslBundles> bundles) {
        this.bundles = bundles;
    }

    /** What a client secures its connection with: nothing where there is no name. */
    ChannelCredentials ofClient(@Nullable String name, String property) {
        if (name == null) {
            return InsecureChannelCredentials.create();
        }
        SslBundle bundle = bundle(name, property);
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder()
                .trustManager(bundle.getManagers().getTrustManagers());
        if (bundle.getStores().getKeyStore() != null) {
            credentials.keyManager(bundle.getManagers().getKeyManagers());
        }
        return credentials.build();
    }

    /** What a server secures its connections with: nothing where there is no name. */
    ServerCredentials ofServer(@Nullable String name, boolean clientAuth, String property) {
        if (name == null) {
            if (clientAuth) {
                throw new BatcherConfigurationException(
                        "'batcher.server.client-auth' is true, but '" + property + "' names no SSL bundle.",
                        "Set '" + property + "'.");
            }
            return InsecureServerCredentials.create();
        }
        SslBundle bundle = bundle(name, property);
        TlsServerCredentials.Builder credentials = TlsServerCredentials.newBuilder()
                .keyManager(bundle.getManagers().getKeyManagers());
        if (clientAuth) {
            credentials
                    .trustManager(bundle.getManagers().getTrustManagers())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
        }
        return credentials.build();
    }

    private SslBundle bundle(String name, String property) {
        SslBundles all = bundles.getIfAvailable();
        try {
            if (all != null) {
                return all.getBundle(name);
            }
        } catch (NoSuchSslBundleException e) {
            throw unknown(name, property, e);
        }
        throw unknown(name, property, null);
    }

    private static BatcherConfigurationException unknown(String name, String property, @Nullable Throwable cause) {
        return new BatcherConfigurationException(
                "'" + property + "' names the SSL bundle '" + name + "', which there isn't.",
                "Configure spring.ssl.bundle.*, or name another.",
                cause);
    }
}
