package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.BatcherCustomizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** Makes the batchers of the methods, and checks, once all beans are there, what could not be checked before. */
final class BatcherFactory implements SmartInitializingSingleton {

    /** The id by which the clients' definitions name it. */
    static final String BEAN_NAME = "asyncBatcherFactory";

    private static final Log log = LogFactory.getLog(BatcherFactory.class);

    /** What a batcher needs of beans that may not be there yet. */
    private record Needs(BatchedMethod method, BatchedTarget target, List<ExecutorBean> executors) {

        /** Runs on the thread of the first to submit an item. */
        void find() {
            target.find();
            for (ExecutorBean executor : executors) {
                executor.find();
            }
        }
    }

    private final BatchedMethodRegistrar registrar;
    private final BatcherProperties properties;
    private final ObjectProvider<BatcherCustomizer> customizers;
    private final ConfigurableListableBeanFactory beanFactory;
    private final Environment environment;
    private final List<Needs> created = new CopyOnWriteArrayList<>();

    BatcherFactory(
            BatchedMethodRegistrar registrar,
            BatcherProperties properties,
            ObjectProvider<BatcherCustomizer> customizers,
            ConfigurableListableBeanFactory beanFactory,
            Environment environment) {
        this.registrar = registrar;
        this.properties = properties;
        this.customizers = customizers;
        this.beanFactory = beanFactory;
        this.environment = environment;
    }

    /** Makes the client bean of the batcher of this name. Called by the container. */
    AsyncBatcher<?, ?> create(String name) {
        BatchedMethod method = Objects.requireNonNull(registrar.methods().get(name));
        BatchedTarget target = new BatchedTarget(method, beanFactory);
        BatchedSignature signature = method.signature();
        return create(method, target, signature.carrier().builder(signature.results(), target::call));
    }

    private <R extends @Nullable Object> AsyncBatcher<Object, R> create(
            BatchedMethod method, BatchedTarget target, AsyncBatcher.Builder<Object, R> builder) {
        builder.name(method.name());
        List<ExecutorBean> executors = configure(builder, method);
        customizers.orderedStream().forEach(customizer -> customizer.customize(method.name(), builder));
        builder.name(method.name());
        Needs needs = new Needs(method, target, executors);
        created.add(needs);
        return new BatchedBatcher<>(builder.build(), needs::find);
    }

    private List<ExecutorBean> configure(AsyncBatcher.Builder<?, ?> builder, BatchedMethod method) {
        LayeredSettings settings = LayeredSettings.of(method, environment);
        settings.applyTo(builder);
        if (virtualThreads()) {
            builder.executor(new VirtualThreads("async-batcher-" + method.name() + "-"));
        }
        List<ExecutorBean> executors = new ArrayList<>();
        useBean(settings, "executor", BatcherSettings::getExecutor, method, executors, builder::executor);
        useBean(
                settings,
                "completionExecutor",
                BatcherSettings::getCompletionExecutor,
                method,
                executors,
                builder::completionExecutor);
        return executors;
    }

    private void useBean(
            LayeredSettings settings,
            String option,
            Function<BatcherSettings, @Nullable String> getter,
            BatchedMethod method,
            Collection<ExecutorBean> executors,
            Consumer<Executor> setter) {
        settings.apply(option, getter, beanName -> {
            if (!beanName.isEmpty()) {
                ExecutorBean executor = new ExecutorBean(method.name(), option, beanName, beanFactory);
                executors.add(executor);
                setter.accept(executor);
                // So that the batcher is closed before its threads go.
                beanFactory.registerDependentBean(beanName, method.clientId());
            }
        });
    }

    private boolean virtualThreads() {
        return VirtualThreads.areAvailable()
                && environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
    }

    @Override
    public void afterSingletonsInstantiated() {
        LayeredSettings.defaults(environment).applyTo(AsyncBatcher.builder(batch -> batch));
        for (Needs needs : created) {
            needs.executors().forEach(ExecutorBean::requireExecutor);
            // What is lazy stays so.
            if (beanFactory.containsSingleton(needs.method().beanName())) {
                needs.target().find();
            }
        }
        registrar.warnOfHidden(beanFactory);
        warnOfUnknownInstances();
    }

    private void warnOfUnknownInstances() {
        Set<ConfigurationPropertyName> known = registrar.methods().keySet().stream()
                .map(LayeredSettings::instance)
                .collect(Collectors.toSet());
        for (String name : properties.getInstances().keySet()) {
            if (!known.contains(LayeredSettings.instance(name))) {
                log.warn("There are properties 'batcher.instances." + name + ".*', but no @Batched method of this name."
                        + (known.isEmpty()
                                ? " There are no @Batched methods at all."
                                : " There are: "
                                        + String.join(", ", registrar.methods().keySet()) + "."));
            }
        }
    }
}
