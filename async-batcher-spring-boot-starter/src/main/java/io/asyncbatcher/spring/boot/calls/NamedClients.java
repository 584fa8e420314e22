package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.methods.BatchedMethod;
import io.asyncbatcher.spring.boot.methods.BatchedMethodIndex;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherNames;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** Finds the client bean of a batcher by the batcher's name: that of a method, or one that the application declares. */
final class NamedClients {

    private final BatchedMethodIndex index;
    private final ConfigurableListableBeanFactory beanFactory;
    private final Map<String, BatcherClient<Object, ?>> found = new ConcurrentHashMap<>();

    NamedClients(BatchedMethodIndex index, ConfigurableListableBeanFactory beanFactory) {
        this.index = index;
        this.beanFactory = beanFactory;
    }

    /**
     * The client that a method's items are for.
     *
     * @throws BatcherConfigurationException if there is no such batcher
     */
    BatcherClient<Object, ?> of(BatchedByMethod method) {
        BatcherClient<Object, ?> known = found.get(method.batcher());
        return known == null ? lookUp(method) : known;
    }

    @SuppressWarnings("unchecked") // types are compared at startup
    private BatcherClient<Object, ?> lookUp(BatchedByMethod method) {
        BatcherClient<Object, ?> client = beanFactory.getBean(requireBean(method), BatcherClient.class);
        found.put(method.batcher(), client);
        return client;
    }

    /**
     * Checks that a method's batcher exists and has its types.
     *
     * @throws BatcherConfigurationException if not
     */
    void require(BatchedByMethod method) {
        String beanName = requireBean(method);
        BatchedMethod batched = index.named(method.batcher());
        if (batched != null) {
            method.requireTypes(batched.signature().item(), batched.signature().result());
        } else if (beanFactory.containsBeanDefinition(beanName)) {
            ResolvableType client = beanFactory
                    .getMergedBeanDefinition(beanName)
                    .getResolvableType()
                    .as(BatcherClient.class);
            method.requireTypes(client.getGeneric(0), client.getGeneric(1));
        }
    }

    private String requireBean(BatchedByMethod method) {
        String beanName = beanName(method.batcher());
        if (beanName == null) {
            Set<String> names = names();
            throw new BatcherConfigurationException(
                    "The method " + MethodMessages.describe(method.method()) + " is @BatchedBy(\"" + method.batcher()
                            + "\"), but there is no batcher of this name. "
                            + (names.isEmpty()
                                    ? "There are no batchers."
                                    : "There are: " + String.join(", ", names) + "."),
                    "Name one that is there, annotate a method that takes a list of the items with @Batched(\""
                            + method.batcher() + "\"), or declare an AsyncBatcher bean of this name.");
        }
        return beanName;
    }

    private @Nullable String beanName(String batcher) {
        BatchedMethod method = index.named(batcher);
        if (method != null) {
            return method.clientId();
        }
        // Lazy ones are made only where none of the others is meant.
        return Stream.concat(declared().filter(beanFactory::containsSingleton), declared())
                .filter(beanName -> BatcherNames.areSame(batcher, nameOf(beanName)))
                .findFirst()
                .orElse(null);
    }

    private Stream<String> declared() {
        return Arrays.stream(beanFactory.getBeanNamesForType(BatcherClient.class, false, false));
    }

    /** The name of the batcher that a bean is. One that a test replaced may not say; then the bean's own has to do. */
    private String nameOf(String beanName) {
        return beanFactory.getBean(beanName) instanceof AsyncBatcher<?, ?> batcher && batcher.name() != null
                ? batcher.name()
                : beanName;
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(index.methods().keySet());
        declared()
                .filter(beanName -> beanFactory.isTypeMatch(beanName, AsyncBatcher.class))
                .map(this::nameOf)
                .forEach(names::add);
        return names;
    }
}
