package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.boot.beans.BeanOptions;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import io.asyncbatcher.spring.boot.settings.LayeredSettings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** Makes the batchers of the methods, and checks, once all beans are there, what could not be checked before. */
final class BatcherFactory implements SmartInitializingSingleton, AopInfrastructureBean {

    /** The id by which the clients' definitions name it. */
    static final String BEAN_NAME = "asyncBatcherFactory";

    /** What a batcher needs of beans that may not be there yet. */
    private record Needs(BatchedMethod method, BatchedTarget target, BeanOptions beans) {

        /** Runs on the thread of the first to submit an item. */
        void find() {
            target.find();
            beans.find();
        }
    }

    private final BatchedMethodIndex index;
    private final ConfiguredBatchers configured;
    private final ConfigurableListableBeanFactory beanFactory;
    private final Environment environment;
    private final List<Needs> created = new CopyOnWriteArrayList<>();

    BatcherFactory(
            BatchedMethodIndex index,
            ConfiguredBatchers configured,
            ConfigurableListableBeanFactory beanFactory,
            Environment environment) {
        this.index = index;
        this.configured = configured;
        this.beanFactory = beanFactory;
        this.environment = environment;
    }

    /** Makes the client bean of the batcher of this name. Called by the container. */
    AsyncBatcher<?, ?> create(String name) {
        BatchedMethod method = Objects.requireNonNull(index.methods().get(name));
        BatchedTarget target = new BatchedTarget(method, beanFactory);
        AtomicReference<@Nullable AsyncBatcher<?, ?>> built = new AtomicReference<>();
        AsyncBatcher<?, ?> batcher = create(
                method,
                target,
                method.signature()
                        .builder(
                                target::call,
                                method.description(),
                                () -> Objects.requireNonNull(built.get())
                                        .options()
                                        .batchTimeout()));
        built.set(batcher);
        return batcher;
    }

    private <R extends @Nullable Object> AsyncBatcher<Object, R> create(
            BatchedMethod method, BatchedTarget target, AsyncBatcher.Builder<Object, R> builder) {
        LayeredSettings settings = configured.read(method.annotated());
        if (configured.isSynchronous()) {
            builder.executor(Runnable::run);
        } else if (virtualThreads()) {
            builder.executor(new VirtualThreads("async-batcher-" + method.name() + "-"));
        }
        BeanOptions beans = BeanOptions.set(
                builder,
                new BeanOptions.Owner(
                        method.name(), method.clientId(), method.signature().item()),
                settings,
                beanFactory);
        Needs needs = new Needs(method, target, beans);
        BatchedBatcher<Object, R> batcher = configured.build(
                builder, method.annotated(), settings, built -> new BatchedBatcher<>(built, needs::find));
        created.add(needs);
        return batcher;
    }

    private boolean virtualThreads() {
        return VirtualThreads.areAvailable()
                && environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (Needs needs : created) {
            needs.beans().require();
            // What is lazy stays so.
            if (beanFactory.containsSingleton(needs.method().beanName())) {
                needs.target().find();
            }
        }
        configured.warnOfUnknownInstances(index.methods().keySet());
    }
}
