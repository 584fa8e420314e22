package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherNames;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;

/** The methods that are to become batchers, by the batchers' names. Complete before there is any other bean. */
public final class BatchedMethodIndex implements AopInfrastructureBean {

    private final Map<String, BatchedMethod> methods = new LinkedHashMap<>();
    private final Map<String, BatchedMethod> byKey = new HashMap<>();

    BatchedMethodIndex() {}

    /** All of them, by their batchers' names. */
    public Map<String, BatchedMethod> methods() {
        return Collections.unmodifiableMap(methods);
    }

    /** The method whose batcher has this name or one that is the same; null if there is none. */
    public @Nullable BatchedMethod named(String name) {
        return byKey.get(BatcherNames.key(name));
    }

    void add(BatchedMethod method) {
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
}
