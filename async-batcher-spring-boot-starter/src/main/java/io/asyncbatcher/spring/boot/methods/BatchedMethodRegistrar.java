package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherNames;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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
    private final BatchedMethodIndex index;
    private final Map<String, Class<?>> declaredTypes = new LinkedHashMap<>();

    BatchedMethodRegistrar(BatchedMethodIndex index, Environment environment) {
        this.index = index;
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return 0;
    }

    /** The types of beans as they were declared, by the beans' names. */
    Map<String, Class<?>> declaredTypes() {
        return Collections.unmodifiableMap(declaredTypes);
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        BatchedMethodFinder finder = new BatchedMethodFinder(beanFactory, environment);
        BeanTypes.forEach(beanFactory, (beanName, type) -> {
            declaredTypes.put(beanName, type.toClass());
            finder.find(beanName, type).forEach(index::add);
        });
        Collection<BatchedMethod> methods = index.methods().values();
        methods.forEach(method -> register(method, beanFactory));
        if (!methods.isEmpty()) {
            ResourceNames taken = ResourceNames.of(declaredTypes, beanFactory);
            methods.forEach(method -> name(method, taken, beanFactory));
        }
    }

    /** Whether a definition is one that a registrar made. */
    static boolean isClient(BeanDefinition definition) {
        return definition.hasAttribute(CLIENT_OF);
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
}
