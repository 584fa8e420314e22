package io.asyncbatcher.spring.boot.remote;

import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;

/** Keeps the clients that {@link InjectionPoints} registers out of generated code: it registers them again at run time. */
final class RemoteAheadOfTime implements BeanRegistrationExcludeFilter {

    @Override
    public boolean isExcludedFromAotProcessing(RegisteredBean bean) {
        return InjectionPoints.isClient(bean.getMergedBeanDefinition());
    }
}
