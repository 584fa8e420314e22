package io.asyncbatcher.spring.boot.calls;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;

/** Says ahead of time which interfaces a {@link BatchedByProxies} will implement: a native image has to know. */
final class BatchedByHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = bean.getBeanClass();
        return type.isInterface() && !BatchedByFinder.annotated(type).isEmpty()
                ? (generation, code) -> generation.getRuntimeHints().proxies().registerJdkProxy(type)
                : null;
    }
}
