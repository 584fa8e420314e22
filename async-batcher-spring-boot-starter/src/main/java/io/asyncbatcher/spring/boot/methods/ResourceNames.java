package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.AsyncBatcher;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The names by which beans look up others before they go by type: of fields and setters with {@code @Resource}, and of
 * properties that are autowired by name. A client's alias of that name would be found in place of what they mean.
 */
final class ResourceNames {

    private static final Log log = LogFactory.getLog(ResourceNames.class);

    /** Known by name, because it may be missing. */
    private static final Set<String> ANNOTATIONS = Set.of("jakarta.annotation.Resource", "javax.annotation.Resource");

    private final Set<String> names = new HashSet<>();

    private ResourceNames() {}

    /**
     * The names that the beans of an application look up.
     *
     * @param types of the beans, by their names
     */
    static ResourceNames of(Map<String, Class<?>> types, ConfigurableListableBeanFactory beanFactory) {
        ResourceNames resources = new ResourceNames();
        types.forEach((beanName, type) -> {
            try {
                resources.addAnnotated(type);
                if (isAutowiredByName(beanName, beanFactory)) {
                    resources.addProperties(type);
                }
            } catch (RuntimeException | LinkageError e) {
                // A class with an optional dependency that is missing.
                log.debug("The members of " + type.getName() + " can't be read", e);
            }
        });
        return resources;
    }

    boolean contain(String name) {
        return names.contains(name);
    }

    private static boolean isAutowiredByName(String beanName, ConfigurableListableBeanFactory beanFactory) {
        return beanFactory.containsBeanDefinition(beanName)
                && beanFactory.getMergedBeanDefinition(beanName) instanceof AbstractBeanDefinition definition
                && definition.getResolvedAutowireMode() == AbstractBeanDefinition.AUTOWIRE_BY_NAME;
    }

    private void addAnnotated(Class<?> type) {
        for (Class<?> written = type;
                written != null && isOfAnApplication(written);
                written = written.getSuperclass()) {
            ReflectionUtils.doWithLocalFields(written, this::addField);
            ReflectionUtils.doWithLocalMethods(written, this::addSetter);
        }
    }

    private static boolean isOfAnApplication(Class<?> type) {
        return !type.getName().startsWith("java.") && !type.getName().startsWith("org.springframework.");
    }

    private void addField(Field field) {
        if (isLookedUp(field)) {
            add(field.getName(), field.getType());
        }
    }

    private void addSetter(Method method) {
        if (method.getParameterCount() == 1 && method.getName().startsWith("set") && isLookedUp(method)) {
            add(Introspector.decapitalize(method.getName().substring(3)), method.getParameterTypes()[0]);
        }
    }

    private void addProperties(Class<?> type) {
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
            if (property.getWriteMethod() != null) {
                add(property.getName(), property.getPropertyType());
            }
        }
    }

    private void add(String name, Class<?> wanted) {
        // Who wants a client is right to find one.
        if (!wanted.isAssignableFrom(AsyncBatcher.class)) {
            names.add(name);
        }
    }

    /** Whether it has the annotation, without a name in it: that would be of a bean that is there. */
    private static boolean isLookedUp(AnnotatedElement member) {
        for (Annotation annotation : member.getDeclaredAnnotations()) {
            if (ANNOTATIONS.contains(annotation.annotationType().getName())) {
                return "".equals(AnnotationUtils.getValue(annotation, "name"));
            }
        }
        return false;
    }
}
