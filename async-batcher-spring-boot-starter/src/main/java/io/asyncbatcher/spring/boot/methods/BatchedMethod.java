package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.spring.boot.settings.AnnotatedBatcher;
import io.asyncbatcher.spring.boot.signature.BatchedSignature;
import java.lang.reflect.Method;

/**
 * A bean's method that is to become a batcher.
 *
 * @param annotated the batcher that its annotation declares
 * @param beanName the bean whose method it is
 * @param method as found on the bean's class
 * @param signature what it takes and gives
 */
public record BatchedMethod(AnnotatedBatcher annotated, String beanName, Method method, BatchedSignature signature) {

    /** What the id of the client's bean ends in. */
    static final String CLIENT = "BatcherClient";

    /** The batcher's name. */
    public String name() {
        return annotated.name();
    }

    /** The id of the client's bean. */
    public String clientId() {
        return name() + CLIENT;
    }

    /** The method for messages. */
    public String description() {
        return annotated.description();
    }
}
