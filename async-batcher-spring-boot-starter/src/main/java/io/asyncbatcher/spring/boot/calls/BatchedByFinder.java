package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.introspect.AnnotationText;
import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.introspect.MethodSearch;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The methods with {@link BatchedBy}. It looks at the types of beans before there is any, so that a mistake stops the
 * start; a class that its bean's declared type hides is read when its bean is made.
 */
final class BatchedByFinder implements BeanFactoryPostProcessor, Ordered {

    private final AnnotationText text;
    private final Map<Class<?>, Map<Method, BatchedByMethod>> byClass = new ConcurrentHashMap<>();
    private final Map<MethodClassKey, Optional<BatchedByMethod>> byCall = new ConcurrentHashMap<>();

    BatchedByFinder(Environment environment, ConfigurableListableBeanFactory beanFactory) {
        this.text = new AnnotationText(beanFactory, environment);
    }

    /** Before the one of {@code @Batched} methods, which would complain of something else where both annotations are. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        BeanTypes.forEach(beanFactory, (beanName, type) -> {
            Map<Method, BatchedByMethod> methods = of(type.toClass());
            if (!beanFactory.containsBeanDefinition(beanName) && !Proxy.isProxyClass(type.toClass())) {
                methods.values().forEach(method -> refuseObject(method, beanName));
            }
        });
    }

    /** The container puts no proxy around what it hasn't made. */
    private static void refuseObject(BatchedByMethod method, String beanName) {
        throw MethodMessages.notBatchedBy(
                method.method(),
                method.batcher(),
                "its bean '" + beanName + "' was registered as an object, so that no proxy can take its calls",
                "Declare it as a bean, or register it by GenericApplicationContext.registerBean");
    }

    /** Those that were found until now. */
    List<BatchedByMethod> all() {
        return byClass.values().stream()
                .flatMap(methods -> methods.values().stream())
                .toList();
    }

    /**
     * Those of a class or an interface, its own and inherited ones.
     *
     * @throws BatcherConfigurationException if one can't be batched
     */
    Map<Method, BatchedByMethod> of(Class<?> type) {
        Class<?> written = ClassUtils.getUserClass(type);
        Map<Method, BatchedByMethod> known = byClass.get(written);
        if (known == null) {
            Map<Method, String> annotated = annotated(written);
            known = annotated.isEmpty()
                    ? Map.of()
                    : annotated.entrySet().stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    Map.Entry::getKey,
                                    method -> BatchedByMethod.of(
                                            method.getKey(), written, resolved(method.getKey(), method.getValue()))));
            byClass.put(written, known);
        }
        return known;
    }

    /** The method that a call of this one on an object of this class means; null if it isn't batched. */
    @Nullable
    BatchedByMethod find(Method called, Class<?> type) {
        MethodClassKey key = new MethodClassKey(called, type);
        Optional<BatchedByMethod> known = byCall.get(key);
        if (known == null) {
            Map<Method, BatchedByMethod> methods = of(type);
            // A proxy class has methods of its own, but is known by those of its interfaces.
            known = Optional.ofNullable(methods.get(AopUtils.getMostSpecificMethod(called, type)))
                    .or(() -> Optional.ofNullable(methods.get(called)));
            byCall.put(key, known);
        }
        return known.orElse(null);
    }

    /** The methods of a type that have the annotation, theirs or inherited, and what it says. */
    static Map<Method, String> annotated(Class<?> type) {
        MethodIntrospector.MetadataLookup<@Nullable String> lookup = method -> {
            BatchedBy annotation = AnnotatedElementUtils.findMergedAnnotation(method, BatchedBy.class);
            return annotation == null ? null : annotation.value();
        };
        return MethodSearch.select(type, BatchedBy.class, lookup);
    }

    private String resolved(Method method, String batcher) {
        return text.resolve(batcher, "@BatchedBy(\"" + batcher + "\")", method);
    }
}
