package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.BatcherCustomizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * What every batcher is set to, and by whom. Reads the settings of a batcher when it is made: those of all from the
 * {@link BatcherProperties}, which were bound already, and each batcher's own from the environment. Once all singletons are
 * there, those of all are read anew each time, since the environment may change.
 */
public final class ConfiguredBatchers implements SmartInitializingSingleton, AopInfrastructureBean {

    private static final Log log = LogFactory.getLog(ConfiguredBatchers.class);

    /** A batcher that was {@linkplain #build built} with its settings. */
    public interface Built {}

    private final BatcherProperties properties;
    private final ObjectProvider<BatcherCustomizer> customizers;
    private final Environment environment;
    private final boolean synchronous;

    /** What all batchers share, until all singletons are there. */
    private volatile @Nullable Defaults defaults;

    private final Map<String, LiveSettings> live = new ConcurrentSkipListMap<>();

    /**
     * The settings of a batcher that has none of its own.
     *
     * @param instances whether there may be properties of single batchers
     */
    private record Defaults(SettingsLayer layer, boolean instances) {}

    ConfiguredBatchers(
            BatcherProperties properties, ObjectProvider<BatcherCustomizer> customizers, Environment environment) {
        this.properties = properties;
        this.customizers = customizers;
        this.environment = environment;
        // Once: executors can't be changed later.
        this.synchronous = properties.isSynchronous();
        this.defaults = new Defaults(
                SettingsLayer.bound(properties, SettingsLayer.PREFIX, environment),
                SettingsLayer.mayBeBelow(SettingsLayer.INSTANCES, environment));
    }

    /** Whether every item is a batch of its own, on the thread that hands it over. */
    public boolean isSynchronous() {
        return synchronous;
    }

    private Defaults defaults() {
        Defaults bound = defaults;
        return bound == null
                ? new Defaults(
                        SettingsLayer.bound(SettingsLayer.PREFIX, environment),
                        SettingsLayer.mayBeBelow(SettingsLayer.INSTANCES, environment))
                : bound;
    }

    /**
     * Reads the settings of a method's batcher. Most batchers have no properties of their own, and then only the
     * annotation is read.
     *
     * @throws BatcherConfigurationException if a value can't be understood
     */
    public LayeredSettings read(AnnotatedBatcher annotated) {
        Defaults shared = defaults();
        List<SettingsLayer> layers = new ArrayList<>();
        if (synchronous) {
            layers.add(SettingsLayer.synchronous(environment));
        }
        if (shared.instances()) {
            layers.addAll(own(annotated.name()));
        }
        if (!annotated.attributes().isEmpty()) {
            layers.add(SettingsLayer.of(annotated));
        }
        layers.add(shared.layer());
        return new LayeredSettings(layers);
    }

    /** The layer of a batcher's own properties, if there may be any. */
    private List<SettingsLayer> own(String name) {
        ConfigurationPropertyName instance = SettingsLayer.instance(name);
        return SettingsLayer.mayBeBelow(instance, environment)
                ? List.of(SettingsLayer.bound(instance, environment))
                : List.of();
    }

    /**
     * Builds a method's batcher with its settings, after the customizers, and keeps it up to date from then on.
     *
     * @param settings what was read for it
     * @param finish makes of the batcher what becomes the bean
     * @throws BatcherConfigurationException if a value is not allowed
     */
    public <R extends @Nullable Object, B extends AsyncBatcher<Object, R> & Built> B build(
            AsyncBatcher.Builder<Object, R> builder,
            AnnotatedBatcher annotated,
            LayeredSettings settings,
            Function<AsyncBatcher<Object, R>, B> finish) {
        LiveSettings.Reading reading = configure(builder, annotated.name(), settings);
        AsyncBatcher<Object, R> built;
        try {
            built = builder.build();
        } catch (IllegalArgumentException e) {
            throw reading.rejection(e);
        }
        B batcher = finish.apply(built);
        live.put(
                annotated.name(),
                new LiveSettings(
                        batcher,
                        reading,
                        () -> configure(AsyncBatcher.builder(batch -> batch), annotated.name(), read(annotated))));
        return batcher;
    }

    /** Puts settings into a builder, and lets the customizers have the last word. */
    private LiveSettings.Reading configure(AsyncBatcher.Builder<?, ?> builder, String name, LayeredSettings settings) {
        BatcherOptions layered = settings.applyTo(builder.name(name).options());
        builder.options(layered);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, builder));
        builder.name(name);
        return new LiveSettings.Reading(settings, layered, builder.options(), LiveSettings.Reading.DEFAULT);
    }

    /**
     * Puts its own properties over what a batcher was built with that the application declares.
     *
     * @throws BatcherConfigurationException if a value is not allowed, or names a bean: these can't be changed once a
     *     batcher is built
     */
    public void adopt(AsyncBatcher<?, ?> batcher) {
        if (batcher instanceof Built) {
            return;
        }
        BatcherOptions built = batcher.options();
        LiveSettings settings = new LiveSettings(
                batcher,
                LiveSettings.Reading.ofDeclared(new LayeredSettings(List.of()), built),
                () -> LiveSettings.Reading.ofDeclared(readDeclared(batcher.name()), built));
        settings.refresh();
        live.put(batcher.name(), settings);
    }

    private LayeredSettings readDeclared(String name) {
        LayeredSettings own = new LayeredSettings(own(name));
        own.beanNames().keySet().stream().findFirst().ifPresent(option -> {
            String origin = Objects.requireNonNull(own.origins().get(option));
            throw new BatcherConfigurationException(
                    origin + " names a bean for the batcher '" + name + "', which the application builds by itself:"
                            + " only options that are plain values can be set for it.",
                    "Remove " + origin + ", and use AsyncBatcher.Builder." + option + ".");
        });
        return own;
    }

    /** The settings of every batcher that there is. */
    Collection<LiveSettings> live() {
        return live.values();
    }

    /** Whether there is a batcher of this name. */
    public boolean isKnown(String batcher) {
        return live.containsKey(batcher);
    }

    /** Whether a batcher is that of a method. */
    public boolean isOfMethod(String batcher) {
        LiveSettings settings = live.get(batcher);
        return settings != null && !settings.isDeclared();
    }

    /**
     * Where each option of a batcher has its value from: a property with its place, an attribute of the annotation, a
     * customizer, a change while running, the code that built it, or the default.
     */
    public Map<String, String> origins(String batcher) {
        LiveSettings settings = live.get(batcher);
        if (settings != null) {
            return settings.origins();
        }
        Map<String, String> unknown = new LinkedHashMap<>();
        PlainOption.ALL.forEach(option -> unknown.put(option.name(), LiveSettings.CODE));
        return unknown;
    }

    /** The options as annotation, properties and customizers, or builder and properties set them; null where not known. */
    public @Nullable BatcherOptions options(String batcher) {
        LiveSettings settings = live.get(batcher);
        return settings == null ? null : settings.configured();
    }

    /** The names of the beans that a batcher uses, by the option that names them; null = none. */
    public Map<String, @Nullable String> beanNames(String batcher) {
        Map<String, @Nullable String> beans = new TreeMap<>();
        LayeredSettings.BEAN_OPTIONS.forEach(option -> beans.put(option, null));
        LiveSettings settings = live.get(batcher);
        if (settings != null) {
            beans.putAll(settings.beanNames());
        }
        return beans;
    }

    /** Whether the batches of a batcher are traced, be it a method's or not. */
    public boolean isTraced(String batcher) {
        LiveSettings settings = live.get(batcher);
        if (settings != null && !settings.isDeclared()) {
            return settings.isTraced();
        }
        List<SettingsLayer> layers = new ArrayList<>(own(batcher));
        layers.add(defaults().layer());
        return new LayeredSettings(layers).isTraced();
    }

    @Override
    public void afterSingletonsInstantiated() {
        new LayeredSettings(List.of(defaults().layer())).applyTo(BatcherOptions.defaults());
        defaults = null;
        if (synchronous) {
            log.warn("batcher.synchronous is set: every item is a batch of its own on its caller's thread. That is for"
                    + " tests.");
        }
    }

    /**
     * Warns of properties of a batcher that isn't there.
     *
     * @param methods the names of the batchers of methods, be they made or not
     */
    public void warnOfUnknownInstances(Collection<String> methods) {
        Set<String> names = new LinkedHashSet<>(methods);
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
