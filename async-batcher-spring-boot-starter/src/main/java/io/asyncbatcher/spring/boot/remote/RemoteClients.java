package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.grpc.GrpcBatcher;
import io.asyncbatcher.grpc.GrpcBatcherBuilder;
import io.asyncbatcher.grpc.RemoteState;
import io.asyncbatcher.grpc.Routing;
import io.asyncbatcher.grpc.TracePropagation;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.RemoteStatus;
import io.asyncbatcher.spring.boot.InstanceSettings;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.grpc.CallCredentials;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Connects every {@link RemoteBatcher} bean, before anybody else sees it, to what its properties say. */
final class RemoteClients implements BeanPostProcessor, Ordered {

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;

    RemoteClients(ConfigurableListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof RemoteBatcher<?, ?> remote) {
            connect(remote, beanName);
        }
        return bean;
    }

    private <T, R extends @Nullable Object> void connect(RemoteBatcher<T, R> remote, String beanName) {
        String name = remote.name();
        InstanceSettings.Remote properties = RemoteProperties.of(name, environment);
        String prefix = "batcher.instances." + name + ".remote.";
        if (properties.getTarget() == null) {
            throw new BatcherConfigurationException(
                    "The bean '" + beanName + "' is the batcher '" + name + "' of another application, but nothing says"
                            + " where that is.",
                    "Set '" + prefix + "target', as in dns:///" + name + ":9090.");
        }
        Codecs codecs = new Codecs(beans);
        GrpcBatcherBuilder<T, R> builder = GrpcBatcher.<T, R>builder(
                        name, codecs.of(remote.itemType(), name), codecs.of(remote.resultType(), name))
                .target(properties.getTarget())
                .credentials(new Tls(beans.getBeanProvider(SslBundles.class))
                        .ofClient(properties.getSslBundle(), prefix + "ssl-bundle"))
                .routing(Routing.valueOf(properties.getRouting().name()))
                .idempotent(properties.isIdempotent())
                .clientName(environment.getProperty("spring.application.name", ""));
        if (properties.getPartitionBy() != null) {
            builder.partitionBy(key(properties.getPartitionBy(), prefix + "partition-by"));
        }
        if (properties.getCallCredentials() != null) {
            builder.callCredentials(
                    named(properties.getCallCredentials(), CallCredentials.class, prefix + "call-credentials"));
        }
        TracePropagation tracing = beans.getBeanProvider(TracePropagation.class).getIfUnique();
        if (tracing != null) {
            builder.tracing(tracing);
        }
        GrpcBatcher<T, R> built;
        try {
            built = builder.build();
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new BatcherConfigurationException(
                    "The batcher '" + name + "' of another application can't be reached as configured: "
                            + e.getMessage() + ".",
                    "Change '" + prefix + "*'.",
                    e);
        }
        remote.bind(built, () -> status(built.state()));
        built.connect();
    }

    @SuppressWarnings("unchecked") // a function that takes something else fails each item with a ClassCastException
    private <T> Function<T, ?> key(String bean, String property) {
        return (Function<T, ?>) named(bean, Function.class, property);
    }

    private <B> B named(String bean, Class<B> type, String property) {
        try {
            return beans.getBean(bean, type);
        } catch (BeansException e) {
            throw new BatcherConfigurationException(
                    "'" + property + "' names the bean '" + bean + "', which isn't there, or is no "
                            + type.getSimpleName() + ".",
                    "Define such a bean, or name another.",
                    e);
        }
    }

    private static RemoteStatus status(RemoteState state) {
        return new RemoteStatus(
                state.target(),
                state.workers(),
                state.unreachableFor(),
                state.connects(),
                state.sentBytes(),
                state.receivedBytes(),
                state.answers(),
                state.roundTripNanos());
    }
}
