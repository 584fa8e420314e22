package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.Batched;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Finds the methods with the annotation by looking at the types of beans only: no bean is made for it. */
final class BatchedMethodFinder {

    private static final Log log = LogFactory.getLog(BatchedMethodFinder.class);

    /** Stands for the name of the bean in the name of its batcher. */
    private static final String BEAN_NAME = "{beanName}";

    private final ConfigurableListableBeanFactory beanFactory;
    private final Environment environment;

    BatchedMethodFinder(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        this.beanFactory = beanFactory;
        this.environment = environment;
    }

    /** The methods of a class that have the annotation, theirs or inherited, and its attributes. */
    static Map<Method, AnnotationAttributes> annotated(Class<?> type) {
        MethodIntrospector.MetadataLookup<@Nullable AnnotationAttributes> lookup =
                method -> AnnotatedElementUtils.findMergedAnnotationAttributes(method, Batched.class, false, false);
        return MethodSearch.select(type, Batched.class, lookup);
    }

    /** The names of all beans, also of those that were registered as objects until now. */
    static List<String> beanNames(ConfigurableListableBeanFactory beanFactory) {
        return Stream.concat(Arrays.stream(beanFactory.getBeanDefinitionNames()), objects(beanFactory))
                .toList();
    }

    /** The names of the beans that were registered as objects, without a definition. */
    static Stream<String> objects(ConfigurableListableBeanFactory beanFactory) {
        return Arrays.stream(beanFactory.getSingletonNames())
                .filter(beanName -> !beanFactory.containsBeanDefinition(beanName));
    }

    /** The type of a bean as far as it is known before there is the bean; null if it isn't. */
    @Nullable
    ResolvableType declaredType(String beanName) {
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
            return declaredType(root.getDecoratedDefinition().getBeanName());
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

    /**
     * The methods of a bean that are to become batchers.
     *
     * @throws BatcherConfigurationException if one can't
     */
    List<BatchedMethod> find(String beanName, ResolvableType beanType) {
        List<BatchedMethod> found = new ArrayList<>();
        annotated(beanType.toClass()).forEach((method, annotation) -> {
            if (beanFactory.containsBeanDefinition(beanName)) {
                TargetScope.require(beanName, beanFactory.getMergedBeanDefinition(beanName), method);
            }
            AsyncMethods.refuse(method, beanType.toClass());
            Map<String, String> attributes = new LinkedHashMap<>();
            annotation.forEach((attribute, value) -> {
                String text = resolve(method, attribute, (String) value);
                if (!text.isBlank()) {
                    attributes.put(attribute, text);
                }
            });
            attributes.remove("value");
            String name = Objects.requireNonNullElse(attributes.remove("name"), method.getName());
            BatchedSignature signature =
                    BatchedSignature.of(method, beanType, attributes.remove("resultKey"), attributes.remove("itemKey"));
            found.add(new BatchedMethod(name(name, beanName, method), beanName, method, signature, attributes));
        });
        return found;
    }

    private String resolve(Method method, String attribute, String text) {
        if (text.isEmpty()) {
            return text;
        }
        try {
            return beanFactory.hasEmbeddedValueResolver()
                    ? Objects.requireNonNullElse(beanFactory.resolveEmbeddedValue(text), "")
                    : environment.resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException e) {
            throw new BatcherConfigurationException(
                    "The value of @Batched(" + attribute + " = \"" + text + "\") on " + BatchedMethod.describe(method)
                            + " can't be resolved.",
                    "Set the property that it names, or give a default, as in ${name:default}.",
                    e);
        }
    }

    private static String name(String written, String beanName, Method method) {
        String name = written.replace(BEAN_NAME, beanName);
        try {
            BatcherOptions.defaults().withName(name);
        } catch (IllegalArgumentException e) {
            throw new BatcherConfigurationException(
                    "The name of @Batched on " + BatchedMethod.describe(method) + " is not allowed: " + e.getMessage()
                            + ".",
                    written.equals(name)
                            ? "Give it another, as in @Batched(\"prices\")."
                            : "Give the bean another name, which '" + written + "' is made of.",
                    e);
        }
        return name;
    }
}
