package io.asyncbatcher.spring.boot;

import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;

/**
 * Keeps the clients' definitions out of code that is generated ahead of time, which could not name types that are
 * package-private. The {@link BatchedMethodRegistrar} makes them again at run time.
 */
final class ClientBeanExclusion implements BeanRegistrationExcludeFilter {

    @Override
    public boolean isExcludedFromAotProcessing(RegisteredBean bean) {
        return BatchedMethodRegistrar.isClient(bean.getMergedBeanDefinition());
    }
}
