package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** Knows what each batcher bean is made of. */
public final class Wirings implements AopInfrastructureBean {

    /**
     * What a batcher is made of.
     *
     * @param bean the bean whose method it is, or else that it is itself
     * @param method the method that its batches are handed to, or null
     * @param itemType the type of its items, null if that isn't known
     * @param resultType the type of its results, null if that isn't known
     * @param beans the names of the beans that it uses, by the option that names them; null = none. Empty where only the code
     *     knows
     */
    public record Wiring(
            @Nullable String bean,
            @Nullable String method,
            @Nullable String itemType,
            @Nullable String resultType,
            Map<String, @Nullable String> beans) {}

    private final Batchers batchers;
    private final ConfiguredBatchers configured;
    private final BatchedMethodIndex index;
    private final ConfigurableListableBeanFactory beanFactory;

    Wirings(
            Batchers batchers,
            ConfiguredBatchers configured,
            BatchedMethodIndex index,
            ConfigurableListableBeanFactory beanFactory) {
        this.batchers = batchers;
        this.configured = configured;
        this.index = index;
        this.beanFactory = beanFactory;
    }

    /** What a batcher is made of. */
    public Wiring of(AsyncBatcher<?, ?> batcher) {
        // A remote one may have the name of a method that is not used.
        BatchedMethod method = configured.isKnown(batcher.name()) && !(batcher instanceof RemoteBatcher)
                ? index.methods().get(batcher.name())
                : null;
        if (method != null) {
            return new Wiring(
                    method.beanName(),
                    method.description(),
                    method.signature().item().toString(),
                    method.signature().result().toString(),
                    configured.beanNames(batcher.name()));
        }
        String bean = batchers.beanName(batcher.name());
        ResolvableType type = bean == null
                ? ResolvableType.NONE
                : BeanTypes.definedType(bean, beanFactory).as(AsyncBatcher.class);
        return new Wiring(bean, null, text(type.getGeneric(0)), text(type.getGeneric(1)), Map.of());
    }

    private static @Nullable String text(ResolvableType type) {
        return type.resolve() == null ? null : type.toString();
    }
}
