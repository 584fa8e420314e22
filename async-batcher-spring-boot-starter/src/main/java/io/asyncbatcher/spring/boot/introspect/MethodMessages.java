package io.asyncbatcher.spring.boot.introspect;

import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What messages say of a method, and the rejection of one that can't be what its annotation says. */
public final class MethodMessages {

    private MethodMessages() {}

    /** Class, name and parameter types of a method. */
    public static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * The rejection of a method that can't be {@code @Batched}.
     *
     * @param reason why, without a full stop
     * @param remedy what to do, without a full stop
     */
    public static BatcherConfigurationException notBatched(Method method, String reason, String remedy) {
        return notBatched(method, reason, remedy, null);
    }

    /** The same, with what it follows from. */
    public static BatcherConfigurationException notBatched(
            Method method, String reason, String remedy, @Nullable Throwable cause) {
        return new BatcherConfigurationException(
                "The method " + describe(method) + " can't be @Batched: " + reason + ".", remedy + ".", cause);
    }

    /** The rejection of a method that can't be {@code @BatchedBy} a batcher. */
    public static BatcherConfigurationException notBatchedBy(
            Method method, String batcher, String reason, String remedy) {
        return new BatcherConfigurationException(
                "The method " + describe(method) + " can't be @BatchedBy(\"" + batcher + "\"): " + reason + ".",
                remedy + ".");
    }
}
