package io.asyncbatcher.spring.boot.methods;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;

/**
 * What is done about {@code @Batched} methods ahead of time. The properties that results are matched by are made known to a
 * native image. The clients' definitions are kept out of generated code, which could not name types that are
 * package-private: the {@link BatchedMethodRegistrar} makes them again at run time.
 */
final class BatchedAheadOfTime implements BeanRegistrationAotProcessor, BeanRegistrationExcludeFilter {

    @Override
    public boolean isExcludedFromAotProcessing(RegisteredBean bean) {
        return BatchedMethodRegistrar.isClient(bean.getMergedBeanDefinition());
    }

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        BatchedMethodIndex index = bean.getBeanFactory()
                .getBeanProvider(BatchedMethodIndex.class, false)
                .getIfAvailable();
        if (index == null) {
            return null;
        }
        List<Member> keys = index.methods().values().stream()
                .filter(method -> method.beanName().equals(bean.getBeanName()))
                .flatMap(method -> method.signature().keys().stream())
                .toList();
        return keys.isEmpty()
                ? null
                : (generation, code) -> keys.forEach(
                        key -> register(key, generation.getRuntimeHints().reflection()));
    }

    private static void register(Member key, ReflectionHints hints) {
        if (key instanceof Method method) {
            hints.registerMethod(method, ExecutableMode.INVOKE);
        } else {
            hints.registerField((Field) key);
        }
    }
}
