package io.asyncbatcher.spring.boot;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A bean's method that is to become a batcher.
 *
 * @param name the batcher's name
 * @param beanName the bean whose method it is
 * @param method as found on the bean's class
 * @param signature what it takes and gives
 * @param attributes the annotation's attributes that are set, without the name, placeholders resolved
 */
record BatchedMethod(
        String name, String beanName, Method method, BatchedSignature signature, Map<String, String> attributes) {

    /** What the id of the client's bean ends in. */
    static final String CLIENT = "BatcherClient";

    BatchedMethod {
        attributes = Map.copyOf(attributes);
    }

    /** The id of the client's bean. */
    String clientId() {
        return name + CLIENT;
    }

    /** The method for messages. */
    String description() {
        return describe(method);
    }

    /** Class, name and parameter types of a method. */
    static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
