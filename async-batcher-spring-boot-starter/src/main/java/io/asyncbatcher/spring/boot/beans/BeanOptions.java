package io.asyncbatcher.spring.boot.beans;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.LayeredSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** The beans that the options of one batcher name: executors, functions of the item, a listener. */
public final class BeanOptions {

    /**
     * The batcher that uses the beans.
     *
     * @param name the batcher's
     * @param beanName the bean that it is
     * @param item the type of its items
     */
    public record Owner(String name, String beanName, ResolvableType item) {}

    private final Owner owner;
    private final LayeredSettings settings;
    private final Map<String, String> names;
    private final ConfigurableListableBeanFactory beanFactory;
    private final List<NamedBean<?>> beans = new ArrayList<>();

    private BeanOptions(Owner owner, LayeredSettings settings, ConfigurableListableBeanFactory beanFactory) {
        this.owner = owner;
        this.settings = settings;
        this.names = settings.beanNames();
        this.beanFactory = beanFactory;
    }

    /** Sets every option of a builder for which the settings name a bean. None of the beans is made for it. */
    public static BeanOptions set(
            AsyncBatcher.Builder<Object, ?> builder,
            Owner owner,
            LayeredSettings settings,
            ConfigurableListableBeanFactory beanFactory) {
        BeanOptions beans = new BeanOptions(owner, settings, beanFactory);
        beans.setExecutors(builder);
        beans.setFunctions(builder);
        return beans;
    }

    private void setExecutors(AsyncBatcher.Builder<Object, ?> builder) {
        NamedBean.Wanted wanted = new NamedBean.Wanted(Executor.class, null);
        this.<Executor>use(
                "executor",
                wanted,
                bean -> builder.executor(batch -> bean.find().execute(batch)));
        this.<Executor>use(
                "completionExecutor",
                wanted,
                bean -> builder.completionExecutor(end -> bean.find().execute(end)));
    }

    private void setFunctions(AsyncBatcher.Builder<Object, ?> builder) {
        ResolvableType item = owner.item();
        this.<ToLongFunction<Object>>use(
                "weigher",
                new NamedBean.Wanted(ToLongFunction.class, item),
                // The limit itself is one of the plain options.
                bean -> builder.maxBatchWeight(
                        builder.options().maxBatchWeight(), value -> bean.find().applyAsLong(value)));
        this.<Function<Object, ?>>use(
                "partitionBy",
                new NamedBean.Wanted(Function.class, item),
                bean -> builder.partitionBy(value -> bean.find().apply(value)));
        this.<ToIntFunction<Object>>use(
                "prioritizeBy",
                new NamedBean.Wanted(ToIntFunction.class, item),
                bean -> builder.prioritizeBy(value -> bean.find().applyAsInt(value)));
        this.<Predicate<Throwable>>use(
                "isolateFailures",
                new NamedBean.Wanted(Predicate.class, ResolvableType.forClass(Throwable.class)),
                bean -> builder.isolateFailures(failure -> bean.find().test(failure)));
        this.<BatcherListener>use(
                "listener",
                new NamedBean.Wanted(BatcherListener.class, null),
                bean -> builder.listener(new ListenerBean(bean)));
    }

    private <B> void use(String option, NamedBean.Wanted wanted, Consumer<NamedBean<B>> setter) {
        String name = names.get(option);
        if (name != null) {
            NamedBean<B> bean = new NamedBean<>(
                    name,
                    Objects.requireNonNull(settings.origins().get(option)),
                    wanted,
                    owner.name(),
                    owner.beanName(),
                    beanFactory);
            beans.add(bean);
            setter.accept(bean);
        }
    }

    /**
     * Checks that they are there, without making them.
     *
     * @throws BatcherConfigurationException if one is not
     */
    public void require() {
        beans.forEach(NamedBean::require);
    }

    /**
     * Makes those that are not there yet.
     *
     * @throws BatcherConfigurationException if one can't be found
     */
    public void find() {
        beans.forEach(NamedBean::find);
    }
}
