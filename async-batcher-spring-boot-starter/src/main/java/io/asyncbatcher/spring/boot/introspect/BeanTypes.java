package io.asyncbatcher.spring.boot.introspect;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** The types of beans as far as they are known without a bean: none is made for it. */
public final class BeanTypes {

    private static final Log log = LogFactory.getLog(BeanTypes.class);

    private BeanTypes() {}

    /** Visits every bean whose type is known, also those that were registered as objects until now. */
    public static void forEach(
            ConfigurableListableBeanFactory beanFactory, BiConsumer<String, ResolvableType> visitor) {
        List<String> names = Stream.concat(Arrays.stream(beanFactory.getBeanDefinitionNames()), objects(beanFactory))
                .toList();
        for (String beanName : names) {
            // The target of a scoped proxy is asked of the proxy that stands for it.
            ResolvableType type =
                    ScopedProxyUtils.isScopedTarget(beanName) ? null : declaredType(beanName, beanFactory);
            if (type != null) {
                visitor.accept(beanName, type);
            }
        }
    }

    /** The names of the beans that were registered as objects, without a definition. */
    public static Stream<String> objects(ConfigurableListableBeanFactory beanFactory) {
        return Arrays.stream(beanFactory.getSingletonNames())
                .filter(beanName -> !beanFactory.containsBeanDefinition(beanName));
    }

    /** The type that a bean's definition says, with its generics; none if it says none or there is no definition. */
    public static ResolvableType definedType(String beanName, ConfigurableListableBeanFactory beanFactory) {
        try {
            return beanFactory.getMergedBeanDefinition(beanName).getResolvableType();
        } catch (NoSuchBeanDefinitionException e) {
            return ResolvableType.NONE; // registered as an object
        }
    }

    private static @Nullable ResolvableType declaredType(String beanName, ConfigurableListableBeanFactory beanFactory) {
        if (!beanFactory.containsBeanDefinition(beanName)) {
            // Registered as an object.
            Class<?> type = beanFactory.getType(beanName, false);
            return type == null ? null : ResolvableType.forClass(ClassUtils.getUserClass(type));
        }
        BeanDefinition definition = beanFactory.getMergedBeanDefinition(beanName);
        if (definition.isAbstract()) {
            return null;
        }
        if (definition instanceof RootBeanDefinition root && root.getDecoratedDefinition() != null) {
            // A scoped proxy has the methods of what it stands for.
            return declaredType(root.getDecoratedDefinition().getBeanName(), beanFactory);
        }
        try {
            Class<?> type = beanFactory.getType(beanName, false);
            if (type == null) {
                return null;
            }
            // Only the definition knows generics, as of a method that returns Loader<URI>.
            ResolvableType generic = definition.getResolvableType();
            return generic.resolve() == type ? generic : ResolvableType.forClass(type);
        } catch (BeansException | LinkageError e) {
            log.debug("The type of bean '" + beanName + "' isn't known", e);
            return null;
        }
    }

    /** A type as generics have it: the wrapper of a primitive, any other type itself. */
    public static ResolvableType boxed(ResolvableType type) {
        Class<?> known = type.resolve();
        return known != null && known.isPrimitive()
                ? ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(known))
                : type;
    }
}
