package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.introspect.AnnotationText;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.introspect.MethodSearch;
import io.asyncbatcher.spring.boot.settings.AnnotatedBatcher;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.signature.BatchedSignature;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;

/** Finds the methods with the annotation by looking at the types of beans only: no bean is made for it. */
final class BatchedMethodFinder {

    /** Stands for the name of the bean in the name of its batcher. */
    private static final String BEAN_NAME = "{beanName}";

    private final ConfigurableListableBeanFactory beanFactory;
    private final AnnotationText text;

    BatchedMethodFinder(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        this.beanFactory = beanFactory;
        this.text = new AnnotationText(beanFactory, environment);
    }

    /** The methods of a class that have the annotation, theirs or inherited, and its attributes. */
    static Map<Method, AnnotationAttributes> annotated(Class<?> type) {
        MethodIntrospector.MetadataLookup<@Nullable AnnotationAttributes> lookup =
                method -> AnnotatedElementUtils.findMergedAnnotationAttributes(method, Batched.class, false, false);
        return MethodSearch.select(type, Batched.class, lookup);
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
            AsyncMethods.reject(method, beanType.toClass());
            Map<String, String> attributes = new LinkedHashMap<>();
            annotation.forEach((attribute, value) -> {
                String resolved =
                        text.resolve((String) value, "@Batched(" + attribute + " = \"" + value + "\")", method);
                if (!resolved.isBlank()) {
                    attributes.put(attribute, resolved);
                }
            });
            attributes.remove("value");
            String name = Objects.requireNonNullElse(attributes.remove("name"), method.getName());
            BatchedSignature signature =
                    BatchedSignature.of(method, beanType, attributes.remove("resultKey"), attributes.remove("itemKey"));
            found.add(new BatchedMethod(
                    new AnnotatedBatcher(name(name, beanName, method), MethodMessages.describe(method), attributes),
                    beanName,
                    method,
                    signature));
        });
        return found;
    }

    private static String name(String written, String beanName, Method method) {
        String name = written.replace(BEAN_NAME, beanName);
        try {
            BatcherOptions.defaults().withName(name);
        } catch (IllegalArgumentException e) {
            throw new BatcherConfigurationException(
                    "The name of @Batched on " + MethodMessages.describe(method) + " is not allowed: " + e.getMessage()
                            + ".",
                    written.equals(name)
                            ? "Give it another, as in @Batched(\"prices\")."
                            : "Give the bean another name, which '" + written + "' is made of.",
                    e);
        }
        return name;
    }
}
