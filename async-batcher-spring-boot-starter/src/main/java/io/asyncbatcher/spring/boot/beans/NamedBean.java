package io.asyncbatcher.spring.boot.beans;

import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * A bean that an option names, known by its name until it is first needed: a batcher may be made before it, and what is
 * lazy stays so.
 *
 * @param <B> the bean
 */
final class NamedBean<B> {

    private final String name;
    private final String origin;
    private final Wanted wanted;
    private final String batcher;
    private final String client;
    private final ConfigurableListableBeanFactory beanFactory;
    private volatile @Nullable B bean;

    /**
     * What a bean has to be.
     *
     * @param argument what it takes, where it is a function
     */
    record Wanted(Class<?> type, @Nullable ResolvableType argument) {

        /** Whether a type of the right class takes something else, as far as its generics tell. */
        boolean contradicts(ResolvableType declared) {
            ResolvableType taken = declared.as(type).getGeneric(0);
            Class<?> raw = taken.resolve();
            if (argument == null || raw == null) {
                return false;
            }
            boolean exact = taken.getType() instanceof Class
                    || (taken.getType() instanceof ParameterizedType && !taken.hasUnresolvableGenerics());
            return !(exact ? taken.isAssignableFrom(argument) : raw.isAssignableFrom(argument.toClass()));
        }

        /** As in code. */
        @Override
        public String toString() {
            return type.getSimpleName()
                    + (argument == null
                            ? ""
                            : "<" + argument + ", ?".repeat(type.getTypeParameters().length - 1) + ">");
        }
    }

    /**
     * Names a bean.
     *
     * @param origin what names it, for messages
     * @param wanted what it has to be; all that is a {@code B}
     * @param batcher the name of the one that wants it
     * @param client the bean that it is
     */
    NamedBean(
            String name,
            String origin,
            Wanted wanted,
            String batcher,
            String client,
            ConfigurableListableBeanFactory beanFactory) {
        this.name = name;
        this.origin = origin;
        this.wanted = wanted;
        this.batcher = batcher;
        this.client = client;
        this.beanFactory = beanFactory;
    }

    /**
     * Looks the bean up, unless that was done before.
     *
     * @throws BatcherConfigurationException if there is no such bean
     */
    @SuppressWarnings("unchecked") // what is wanted is a B
    B find() {
        B found = bean;
        if (found == null) {
            require();
            found = (B) beanFactory.getBean(name, wanted.type());
            // So that the batcher is closed before what it uses goes; not earlier, as with the bean of its method.
            beanFactory.registerDependentBean(name, client);
            bean = found;
        }
        return found;
    }

    /**
     * Checks that there is such a bean, without making it.
     *
     * @throws BatcherConfigurationException if there is none
     */
    void require() {
        if (!beanFactory.containsBean(name)) {
            throw rejection("there is none");
        }
        if (!beanFactory.isTypeMatch(name, wanted.type())) {
            throw rejection("it is no " + wanted.type().getSimpleName());
        }
        if (contradicts(name)) {
            throw rejection("it is no " + wanted);
        }
    }

    private BatcherConfigurationException rejection(String reason) {
        List<String> others = Arrays.stream(beanFactory.getBeanNamesForType(wanted.type(), true, false))
                .filter(other -> !contradicts(other))
                .toList();
        return new BatcherConfigurationException(
                "Batcher '" + batcher + "' is to use the bean '" + name + "' that " + origin + " names, but " + reason
                        + ".",
                others.isEmpty()
                        ? "Define a bean of type " + wanted + " and this name, or remove the option."
                        : "Name one of the beans of type " + wanted + " (" + String.join(", ", others)
                                + "), or remove the option.");
    }

    /** Generics are seen in the bean's definition, as of a method that returns {@code ToLongFunction<Sku>}, or in its class. */
    private boolean contradicts(String beanName) {
        Class<?> type = beanFactory.getType(beanName, false);
        return wanted.contradicts(BeanTypes.definedType(beanName, beanFactory))
                || wanted.contradicts(ResolvableType.forClass(type));
    }
}
