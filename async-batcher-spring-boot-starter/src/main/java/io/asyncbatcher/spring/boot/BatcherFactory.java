package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.BatcherCustomizer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** Makes the batchers of the methods, and checks, once all beans are there, what could not be checked before. */
final class BatcherFactory implements SmartInitializingSingleton, Configured, AopInfrastructureBean {

    /** The id by which the clients' definitions name it. */
    static final String BEAN_NAME = "asyncBatcherFactory";

    private static final Log log = LogFactory.getLog(BatcherFactory.class);

    /** What a batcher needs of beans that may not be there yet. */
    private record Needs(BatchedMethod method, BatchedTarget target, NamedBeans beans) {

        /** Runs on the thread of the first to submit an item. */
        void find() {
            target.find();
            beans.find();
        }
    }

    private final BatchedMethodRegistrar registrar;
    private final BatcherProperties properties;
    private final ObjectProvider<BatcherCustomizer> customizers;
    private final ConfigurableListableBeanFactory beanFactory;
    private final Environment environment;
    private final boolean synchronous;

    /** What all batchers share, until all singletons are there; later ones read it anew, as it is then. */
    private volatile @Nullable LayeredSettings defaults;

    private final List<Needs> created = new CopyOnWriteArrayList<>();
    private final Map<String, LiveSettings> live = new ConcurrentSkipListMap<>();

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
        // Once: executors can't be changed later.
        this.synchronous = properties.isSynchronous();
        this.defaults = LayeredSettings.defaults(environment);
    }

    /** Makes the client bean of the batcher of this name. Called by the container. */
    AsyncBatcher<?, ?> create(String name) {
        BatchedMethod method = Objects.requireNonNull(registrar.methods().get(name));
        BatchedTarget target = new BatchedTarget(method, beanFactory);
        BatchedSignature signature = method.signature();
        AtomicReference<@Nullable AsyncBatcher<?, ?>> built = new AtomicReference<>();
        AsyncBatcher<?, ?> batcher = create(
                method,
                target,
                signature
                        .carrier()
                        .builder(
                                signature.results(),
                                signature.key(),
                                target::call,
                                new ResultsCheck(method),
                                () -> Objects.requireNonNull(built.get())
                                        .options()
                                        .batchTimeout()));
        built.set(batcher);
        return batcher;
    }

    private <R extends @Nullable Object> AsyncBatcher<Object, R> create(
            BatchedMethod method, BatchedTarget target, AsyncBatcher.Builder<Object, R> builder) {
        LayeredSettings settings = settings(method);
        if (synchronous) {
            builder.executor(Runnable::run);
        } else if (virtualThreads()) {
            builder.executor(new VirtualThreads("async-batcher-" + method.name() + "-"));
        }
        NamedBeans beans = NamedBeans.set(builder, method, settings, beanFactory);
        LiveSettings.Reading reading = configure(builder, method, settings);
        Needs needs = new Needs(method, target, beans);
        BatchedBatcher<Object, R> batcher = new BatchedBatcher<>(build(builder, reading), needs::find);
        created.add(needs);
        live.put(
                method.name(),
                new LiveSettings(
                        batcher,
                        reading,
                        () -> configure(
                                AsyncBatcher.builder(batch -> batch),
                                method,
                                LayeredSettings.of(method, environment, synchronous))));
        return batcher;
    }

    private LayeredSettings settings(BatchedMethod method) {
        LayeredSettings shared = defaults;
        return shared == null
                ? LayeredSettings.of(method, environment, synchronous)
                : shared.with(method, environment, synchronous);
    }

    /** Puts settings into a builder, and lets the customizers have the last word. */
    private LiveSettings.Reading configure(
            AsyncBatcher.Builder<?, ?> builder, BatchedMethod method, LayeredSettings settings) {
        BatcherOptions layered = settings.applyTo(builder.name(method.name()).options());
        builder.options(layered);
        customizers.orderedStream().forEach(customizer -> customizer.customize(method.name(), builder));
        builder.name(method.name());
        return new LiveSettings.Reading(settings, layered, builder.options(), LiveSettings.Reading.DEFAULT);
    }

    private static <R extends @Nullable Object> AsyncBatcher<Object, R> build(
            AsyncBatcher.Builder<Object, R> builder, LiveSettings.Reading reading) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw reading.refusal(e);
        }
    }

    /**
     * Puts its own properties over what a batcher was built with that the application declares.
     *
     * @throws BatcherConfigurationException if a value is not allowed
     */
    void adopt(AsyncBatcher<?, ?> batcher) {
        BatcherOptions built = batcher.options();
        LiveSettings settings = new LiveSettings(
                batcher,
                LiveSettings.Reading.ofDeclared(LayeredSettings.NONE, built),
                () -> LiveSettings.Reading.ofDeclared(LayeredSettings.ofDeclared(batcher.name(), environment), built));
        settings.refresh();
        live.put(batcher.name(), settings);
    }

    /** The settings of every batcher that there is. */
    Collection<LiveSettings> live() {
        return live.values();
    }

    /**
     * Where each option of a batcher has its value from: a property with its place, an attribute of the annotation, a
     * customizer, a change while running, the code that built it, or the default. Empty for one that isn't known.
     *
     * @param name the batcher's
     */
    @Override
    public Map<String, String> origins(String name) {
        LiveSettings settings = live.get(name);
        return settings == null ? Map.of() : settings.origins();
    }

    @Override
    public @Nullable BatcherOptions options(String name) {
        LiveSettings settings = live.get(name);
        return settings == null ? null : settings.configured();
    }

    @Override
    public boolean isOfMethod(String name) {
        return method(name) != null;
    }

    /** The method of a batcher; null for one that is no method's. */
    @Nullable
    BatchedMethod method(String name) {
        return live.containsKey(name) ? registrar.methods().get(name) : null;
    }

    /** The names of the beans that a batcher uses, by the option that names them. */
    Map<String, String> beanNames(String name) {
        LiveSettings settings = live.get(name);
        return settings == null ? Map.of() : settings.beanNames();
    }

    /** Whether the batches of a batcher are traced, be it a method's or not. */
    boolean isTraced(String name) {
        LiveSettings settings = live.get(name);
        if (settings == null || settings.isDeclared()) {
            return LayeredSettings.isTraced(name, environment);
        }
        return settings.isTraced();
    }

    private boolean virtualThreads() {
        return VirtualThreads.areAvailable()
                && environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
    }

    @Override
    public void afterSingletonsInstantiated() {
        Objects.requireNonNull(defaults).applyTo(BatcherOptions.defaults());
        defaults = null;
        for (Needs needs : created) {
            needs.beans().require();
            // What is lazy stays so.
            if (beanFactory.containsSingleton(needs.method().beanName())) {
                needs.target().find();
            }
        }
        if (synchronous) {
            log.warn("batcher.synchronous is set: every item is a batch of its own on its caller's thread. That is for"
                    + " tests.");
        }
        registrar.warnOfHidden(beanFactory);
        warnOfUnknownInstances();
    }

    private void warnOfUnknownInstances() {
        Set<String> names = new LinkedHashSet<>(registrar.methods().keySet());
        names.addAll(live.keySet());
        Set<String> known = names.stream().map(BatcherNames::key).collect(Collectors.toSet());
        for (String name : properties.getInstances().keySet()) {
            if (!known.contains(BatcherNames.key(name))) {
                log.warn("There are properties 'batcher.instances." + name + ".*', but no batcher of this name yet."
                        + (names.isEmpty()
                                ? " There are no batchers."
                                : " There are: " + String.join(", ", names) + "."));
            }
        }
    }
}
