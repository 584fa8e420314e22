package io.asyncbatcher.spring.boot;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** An executor that is a bean, known by its name until it is first needed. */
final class ExecutorBean implements Executor {

    private final String batcher;
    private final String option;
    private final String beanName;
    private final ConfigurableListableBeanFactory beanFactory;
    private volatile @Nullable Executor executor;

    /**
     * Names a bean.
     *
     * @param batcher the batcher that wants it
     * @param option the option that names it
     */
    ExecutorBean(String batcher, String option, String beanName, ConfigurableListableBeanFactory beanFactory) {
        this.batcher = batcher;
        this.option = option;
        this.beanName = beanName;
        this.beanFactory = beanFactory;
    }

    String beanName() {
        return beanName;
    }

    /**
     * Looks the bean up, unless that was done before.
     *
     * @throws BatcherConfigurationException if there is no such executor
     */
    Executor find() {
        Executor found = executor;
        if (found == null) {
            requireExecutor();
            found = beanFactory.getBean(beanName, Executor.class);
            executor = found;
        }
        return found;
    }

    @Override
    public void execute(Runnable batch) {
        find().execute(batch);
    }

    /**
     * Checks that there is such an executor, without making it.
     *
     * @throws BatcherConfigurationException if there is none
     */
    void requireExecutor() {
        if (!beanFactory.containsBean(beanName) || !beanFactory.isTypeMatch(beanName, Executor.class)) {
            String[] names = beanFactory.getBeanNamesForType(Executor.class, true, false);
            throw new BatcherConfigurationException(
                    "The " + option + " of batcher '" + batcher + "' is to be the bean '" + beanName + "', which "
                            + (beanFactory.containsBean(beanName) ? "is no Executor." : "doesn't exist."),
                    names.length == 0
                            ? "Define a bean of type Executor and this name, or remove the option."
                            : "Name one of the beans of type Executor (" + String.join(", ", names)
                                    + "), or remove the option.");
        }
    }
}
