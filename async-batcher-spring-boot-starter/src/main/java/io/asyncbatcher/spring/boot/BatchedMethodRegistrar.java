package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Registers the definition of a client bean for each method with the annotation.
 *
 * <p>It runs before any bean is made, so that clients can be injected everywhere, and early among its kind, so that
 * tests can put mocks in their place.
 */
final class BatchedMethodRegistrar implements BeanFactoryPostProcessor, Ordered {

    private static final Log log = LogFactory.getLog(BatchedMethodRegistrar.class);
    private static final String CLIENT_OF = BatchedMethodRegistrar.class.getName() + ".clientOf";

    private final Environment environment;
    private final Map<String, BatchedMethod> methods = new LinkedHashMap<>();
    private final Map<String, BatchedMethod> byKey = new HashMap<>();
    private final Map<String, Class<?>> declaredTypes = new LinkedHashMap<>();

    BatchedMethodRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return 0;
    }

    /** The methods found, by their batchers' names. */
    Map<String, BatchedMethod> methods() {
        return Collections.unmodifiableMap(methods);
    }

    /** The method whose batcher has this name or one that is the same; null if there is none. */
    @Nullable
    BatchedMethod named(String name) {
        return byKey.get(BatcherNames.key(name));
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        BatchedMethodFinder finder = new BatchedMethodFinder(beanFactory, environment);
        for (String beanName : BatchedMethodFinder.beanNames(beanFactory)) {
            // Asked of the proxy that stands for it.
            if (ScopedProxyUtils.isScopedTarget(beanName)) {
                continue;
            }
            ResolvableType type = finder.declaredType(beanName);
            if (type != null) {
                declaredTypes.put(beanName, type.toClass());
                finder.find(beanName, type).forEach(this::add);
            }
        }
        methods.values().forEach(method -> register(method, beanFactory));
        if (!methods.isEmpty()) {
            ResourceNames taken = ResourceNames.of(declaredTypes, beanFactory);
            methods.values().forEach(method -> name(method, taken, beanFactory));
        }
    }

    /** Whether a definition is one that a registrar made. */
    static boolean isClient(BeanDefinition definition) {
        return definition.hasAttribute(CLIENT_OF);
    }

    private void add(BatchedMethod method) {
        BatchedMethod other = byKey.putIfAbsent(BatcherNames.key(method.name()), method);
        if (other != null) {
            String name = method.name();
            throw new BatcherConfigurationException(
                    (name.equals(other.name())
                                    ? "Two methods want to be the batcher '" + name + "'"
                                    : "Two methods want to be the batchers '" + other.name() + "' and '" + name
                                            + "', which are one name for properties")
                            + ":\n\n\t- " + other.description() + " of bean '" + other.beanName() + "'\n\t- "
                            + method.description() + " of bean '" + method.beanName() + "'",
                    "Give one of them another name, as in @Batched(\"" + name
                            + "2\"). Beans that have one method in common get a batcher each by the name of the bean, as in"
                            + " @Batched(\"{beanName}-" + method.method().getName() + "\").");
        }
        methods.put(method.name(), method);
    }

    private static void register(BatchedMethod method, ConfigurableListableBeanFactory beanFactory) {
        String id = method.clientId();
        if (beanFactory.containsLocalBean(id)) {
            requireClient(method, beanFactory);
            return;
        }
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(ResolvableType.forClassWithGenerics(
                AsyncBatcher.class,
                method.signature().item(),
                method.signature().result()));
        // Quicker than a factory method, which Spring would look for once a client.
        definition.setInstanceSupplier(() -> beanFactory
                .getBean(BatcherFactory.BEAN_NAME, BatcherFactory.class)
                .create(method.name()));
        definition.setDependsOn(BatcherFactory.BEAN_NAME);
        definition.setAttribute(CLIENT_OF, method.name());
        definition.setResourceDescription(method.description());
        ((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(id, definition);
    }

    private static void requireClient(BatchedMethod method, ConfigurableListableBeanFactory beanFactory) {
        Class<?> type = beanFactory.getType(method.clientId(), false);
        if (type == null || !BatcherClient.class.isAssignableFrom(type)) {
            throw new BatcherConfigurationException(
                    "The bean '" + method.clientId() + "' has the id of the client of " + method.description()
                            + ", but is no BatcherClient.",
                    "Give the bean another name, or the batcher, as in @Batched(\"" + method.name() + "2\").");
        }
        log.debug("The bean '" + method.clientId() + "' replaces the client of " + method.description());
    }

    /**
     * Makes the client be found by the batcher's name and its other spellings. An alias serves parameters and qualifiers;
     * where one is not free, the qualifier has to be one of its own.
     */
    private static void name(BatchedMethod method, ResourceNames taken, ConfigurableListableBeanFactory beanFactory) {
        String id = method.clientId();
        Set<String> spellings = BatcherNames.spellings(method.name());
        List<String> free = Stream.concat(
                        spellings.stream(),
                        // The id as a parameter.
                        Stream.of(BatcherNames.parameter(method.name()) + BatchedMethod.CLIENT))
                .filter(name -> !beanFactory.containsBean(name) && !taken.contain(name))
                .toList();
        free.forEach(name -> beanFactory.registerAlias(id, name));
        if (!free.containsAll(spellings)
                && beanFactory.containsBeanDefinition(id)
                && beanFactory.getBeanDefinition(id) instanceof RootBeanDefinition definition
                && isClient(definition)) {
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, method.name()));
        }
    }

    /**
     * Warns of annotations that nobody could see before there were beans: those on a class that is declared as one of
     * its interfaces, and those of an object that was registered later.
     */
    void warnOfHidden(ConfigurableListableBeanFactory beanFactory) {
        BatchedMethodFinder.objects(beanFactory)
                .filter(beanName -> !declaredTypes.containsKey(beanName))
                .forEach(beanName -> BatchedMethodFinder.annotated(AopProxyUtils.ultimateTargetClass(
                                Objects.requireNonNull(beanFactory.getSingleton(beanName))))
                        .keySet()
                        .forEach(method -> log.warn("No batcher was made of " + BatchedMethod.describe(method)
                                + ": the object '" + beanName + "' was registered after the clients had been made."
                                + " Register it in an ApplicationContextInitializer, or declare it as a bean.")));
        declaredTypes.forEach((beanName, declared) -> {
            Object bean = beanFactory.getSingleton(beanName);
            if (bean == null || bean instanceof FactoryBean) {
                return;
            }
            Class<?> actual = AopProxyUtils.ultimateTargetClass(bean);
            if (actual == declared) {
                return;
            }
            for (Method method : BatchedMethodFinder.annotated(actual).keySet()) {
                if (!isFound(beanName, method)) {
                    log.warn("No batcher was made of " + BatchedMethod.describe(method) + ": its bean '" + beanName
                            + "' is declared as " + declared.getName() + ", which hides the annotation. Declare the"
                            + " bean as " + actual.getName() + ", or annotate the method of the interface.");
                }
            }
        });
    }

    private boolean isFound(String beanName, Method method) {
        return methods.values().stream()
                .anyMatch(found -> found.beanName().equals(beanName)
                        && found.method().getName().equals(method.getName()));
    }
}
