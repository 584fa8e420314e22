package io.asyncbatcher.spring.boot;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;

/** Says ahead of time which properties results are matched by: a native image has to know. */
final class BatchedHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        BatchedMethodRegistrar registrar = bean.getBeanFactory()
                .getBeanProvider(BatchedMethodRegistrar.class, false)
                .getIfAvailable();
        if (registrar == null) {
            return null;
        }
        List<KeyProperty> keys = registrar.methods().values().stream()
                .filter(method -> method.beanName().equals(bean.getBeanName()))
                .map(method -> method.signature().key())
                .filter(Objects::nonNull)
                .flatMap(key -> Stream.of(key.ofResult(), key.ofItem()))
                .filter(Objects::nonNull)
                .toList();
        return keys.isEmpty()
                ? null
                : (generation, code) -> keys.forEach(
                        key -> register(key, generation.getRuntimeHints().reflection()));
    }

    private static void register(KeyProperty key, ReflectionHints hints) {
        if (key.member() instanceof Method method) {
            hints.registerMethod(method, ExecutableMode.INVOKE);
        } else {
            hints.registerField((Field) key.member());
        }
    }
}
