package io.asyncbatcher.spring.boot.calls;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Puts a proxy around each bean with methods that are {@code @BatchedBy}, or advice into the proxy that it has: after all
 * other advice, since a batch takes the place of the method's body.
 */
@SuppressWarnings("serial") // as its superclass is, and as little ever written
final class BatchedByPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    BatchedByPostProcessor(BatchedByFinder methods, BatchedByCalls calls, boolean proxyTargetClass) {
        setProxyTargetClass(proxyTargetClass);
        this.advisor = new DefaultPointcutAdvisor(new AnnotatedMethods(methods), calls);
    }

    /** What the {@link BatchedByProxies} makes needs no other. */
    @Override
    protected boolean isEligible(Object bean, String beanName) {
        return super.isEligible(bean, beanName)
                && !(Proxy.isProxyClass(bean.getClass())
                        && Proxy.getInvocationHandler(bean) instanceof BatchedByProxies.Implementation);
    }

    private static final class AnnotatedMethods extends StaticMethodMatcherPointcut {

        private final BatchedByFinder methods;

        AnnotatedMethods(BatchedByFinder methods) {
            this.methods = methods;
            setClassFilter(type -> !methods.of(type).isEmpty());
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return methods.find(method, targetClass) != null;
        }
    }
}
