package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.grpc.TracePropagation;
import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.methods.BatchedMethod;
import io.asyncbatcher.spring.boot.methods.BatchedMethodIndex;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** Makes the service that offers the batchers which {@code batcher.server.expose} lists. */
final class WorkerServers implements AopInfrastructureBean {

    private final BatcherProperties.Server properties;
    private final Batchers batchers;
    private final BatchedMethodIndex index;
    private final ConfigurableListableBeanFactory beans;

    WorkerServers(
            BatcherProperties.Server properties,
            Batchers batchers,
            BatchedMethodIndex index,
            ConfigurableListableBeanFactory beans) {
        this.properties = properties;
        this.batchers = batchers;
        this.index = index;
        this.beans = beans;
    }

    /**
     * The service.
     *
     * @throws BatcherConfigurationException if a name is that of no batcher, or its types aren't known
     */
    GrpcWorker worker() {
        beans.getBeansOfType(AsyncBatcher.class, false, true); // all are needed to know their names
        GrpcWorker.Builder builder =
                GrpcWorker.builder().name(workerName()).failureMessages(properties.isFailureMessages());
        for (String name : properties.getExpose()) {
            AsyncBatcher<?, ?> batcher = batchers.named(name);
            if (batcher == null) {
                String known = batchers.all().stream().map(AsyncBatcher::name).collect(Collectors.joining(", "));
                throw new BatcherConfigurationException(
                        "'batcher.server.expose' lists '" + name + "', but there is no batcher of this name"
                                + (known.isEmpty() ? "." : "; there are: " + known + "."),
                        "Remove it from the list, or name a batcher that is there.");
            }
            expose(builder, batcher);
        }
        TracePropagation tracing = beans.getBeanProvider(TracePropagation.class).getIfUnique();
        if (tracing != null) {
            builder.tracing(tracing);
        }
        if (properties.getMaxConnectionAge() != null) {
            builder.maxStreamAge(properties.getMaxConnectionAge());
        }
        return builder.build();
    }

    private <T, R extends @Nullable Object> void expose(GrpcWorker.Builder builder, AsyncBatcher<T, R> batcher) {
        BatchedMethod method = index.methods().get(batcher.name());
        Codecs codecs = new Codecs(beans);
        ResolvableType declared = method != null
                ? ResolvableType.NONE
                : BeanTypes.definedType(Objects.requireNonNull(batchers.beanName(batcher.name())), beans)
                        .as(AsyncBatcher.class);
        ResolvableType item = method != null ? method.signature().item() : declared.getGeneric(0);
        ResolvableType result = method != null ? method.signature().result() : declared.getGeneric(1);
        builder.expose(
                batcher,
                codecs.of(known(item, batcher), batcher.name()),
                codecs.of(known(result, batcher), batcher.name()));
    }

    private static Type known(ResolvableType type, AsyncBatcher<?, ?> batcher) {
        if (type.resolve() == null) {
            throw new BatcherConfigurationException(
                    "The batcher '" + batcher.name()
                            + "' is exposed, but the types of its items and results aren't known.",
                    "Declare the bean with them, as a method that returns AsyncBatcher<Sku, Price>.");
        }
        return type.getType();
    }

    private static String workerName() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown";
        }
        return host + "-" + ProcessHandle.current().pid();
    }
}
