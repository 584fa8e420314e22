package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import java.lang.reflect.Method;
import java.util.Objects;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Warns of annotations that nobody could see before there were beans: those on a class that is declared as one of its
 * interfaces, and those of an object that was registered later.
 */
final class HiddenMethods implements SmartInitializingSingleton, AopInfrastructureBean {

    private static final Log log = LogFactory.getLog(HiddenMethods.class);

    private final BatchedMethodRegistrar registrar;
    private final BatchedMethodIndex index;
    private final ConfigurableListableBeanFactory beanFactory;

    HiddenMethods(
            BatchedMethodRegistrar registrar, BatchedMethodIndex index, ConfigurableListableBeanFactory beanFactory) {
        this.registrar = registrar;
        this.index = index;
        this.beanFactory = beanFactory;
    }

    @Override
    public void afterSingletonsInstantiated() {
        BeanTypes.objects(beanFactory)
                .filter(beanName -> !registrar.declaredTypes().containsKey(beanName))
                .forEach(this::warnOfLate);
        registrar.declaredTypes().forEach(this::warnOfHidden);
    }

    private void warnOfLate(String beanName) {
        Object object = Objects.requireNonNull(beanFactory.getSingleton(beanName));
        BatchedMethodFinder.annotated(AopProxyUtils.ultimateTargetClass(object))
                .keySet()
                .forEach(method -> log.warn("No batcher was made of " + MethodMessages.describe(method)
                        + ": the object '" + beanName + "' was registered after the clients had been made."
                        + " Register it in an ApplicationContextInitializer, or declare it as a bean."));
    }

    private void warnOfHidden(String beanName, Class<?> declared) {
        Object bean = beanFactory.getSingleton(beanName);
        if (bean == null || bean instanceof FactoryBean) {
            return;
        }
        Class<?> actual = AopProxyUtils.ultimateTargetClass(bean);
        if (actual == declared) {
            return;
        }
        for (Method method : BatchedMethodFinder.annotated(actual).keySet()) {
            if (!isFound(beanName, method)) {
                log.warn("No batcher was made of " + MethodMessages.describe(method) + ": its bean '" + beanName
                        + "' is declared as " + declared.getName() + ", which hides the annotation. Declare the"
                        + " bean as " + actual.getName() + ", or annotate the method of the interface.");
            }
        }
    }

    private boolean isFound(String beanName, Method method) {
        return index.methods().values().stream()
                .anyMatch(found -> found.beanName().equals(beanName)
                        && found.method().getName().equals(method.getName()));
    }
}
