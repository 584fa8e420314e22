package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.methods.BatchedMethod;
import io.asyncbatcher.spring.boot.methods.BatchedMethodIndex;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Warns, once a batcher, of a caller that waits for a batch inside a transaction where the batch begins one of its own:
 * the caller keeps its connection while the batch needs another, and with as many callers as the pool has connections
 * nobody gets on. Of spring-tx, which may be missing, only {@link Transactions} knows.
 */
final class TransactionCheck {

    private static final Log log = LogFactory.getLog(TransactionCheck.class);

    private final BatchedMethodIndex index;
    private final ConfigurableListableBeanFactory beanFactory;
    private final boolean withTransactions;

    /** The batchers that nothing more is to be said of: those warned of, and those whose batches begin no transaction. */
    private final Map<String, Boolean> settled = new ConcurrentHashMap<>();

    TransactionCheck(BatchedMethodIndex index, ConfigurableListableBeanFactory beanFactory) {
        this.index = index;
        this.beanFactory = beanFactory;
        this.withTransactions = ClassUtils.isPresent(
                "org.springframework.transaction.interceptor.TransactionAttributeSource",
                beanFactory.getBeanClassLoader());
    }

    /** The thread of a caller is about to wait for a batch. */
    void beforeWait(BatchedByMethod caller) {
        if (!withTransactions || settled.containsKey(caller.batcher()) || !Transactions.isActive()) {
            return;
        }
        if (settled.putIfAbsent(caller.batcher(), true) != null) {
            return;
        }
        BatchedMethod batch = index.methods().get(caller.batcher());
        if (batch != null && !isSynchronous() && Transactions.begins(batch, beanFactory)) {
            log.warn("A call of " + MethodMessages.describe(caller.method()) + " waits for batcher '" + batch.name()
                    + "' inside a transaction, and its batch method " + batch.description()
                    + " is transactional too. The caller holds a connection while the batch needs another one: as many"
                    + " waiting callers as the pool has connections block each other. Call it outside of the"
                    + " transaction, or make the pool larger than the number of such callers plus the batcher's"
                    + " concurrency. This is logged once.");
        }
    }

    /** Then the batch runs on the caller's own thread, in the caller's transaction. */
    private boolean isSynchronous() {
        return beanFactory.getBean(ConfiguredBatchers.class).isSynchronous();
    }

    /** What needs spring-tx. */
    private static final class Transactions {

        static boolean isActive() {
            return TransactionSynchronizationManager.isActualTransactionActive();
        }

        /** Whether a call of the method through its bean's proxy begins a transaction where there is none. */
        static boolean begins(BatchedMethod batch, ConfigurableListableBeanFactory beanFactory) {
            Class<?> type = beanFactory.getType(batch.beanName(), false);
            Class<?> target = type == null ? batch.method().getDeclaringClass() : ClassUtils.getUserClass(type);
            Stream<TransactionAttributeSource> sources =
                    beanFactory.getBeanProvider(TransactionAttributeSource.class).stream();
            return sources.anyMatch(source -> begins(source.getTransactionAttribute(batch.method(), target)));
        }

        private static boolean begins(@Nullable TransactionAttribute attribute) {
            if (attribute == null) {
                return false;
            }
            return switch (attribute.getPropagationBehavior()) {
                case TransactionDefinition.PROPAGATION_REQUIRED,
                        TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                        TransactionDefinition.PROPAGATION_NESTED -> true;
                default -> false;
            };
        }
    }
}
