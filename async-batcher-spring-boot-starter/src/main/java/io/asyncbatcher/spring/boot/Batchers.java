package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Every batcher bean that there is: those of methods, and those that the application declares. One that is lazy is here
 * from its first use on.
 *
 * <p>When the container destroys a batcher that still has items, its time is over: they are failed rather than waited
 * for. (A graceful stop had its chance in the {@link BatcherLifecycle}.)
 */
final class Batchers implements DestructionAwareBeanPostProcessor, AopInfrastructureBean {

    private static final Log log = LogFactory.getLog(Batchers.class);

    /** A batcher without the proxy that its bean may have, and the bean that it is. */
    private record Member(String beanName, AsyncBatcher<?, ?> batcher) {}

    /** Somebody who has to know of every batcher. */
    interface Watcher {
        void added(AsyncBatcher<?, ?> batcher);

        void removed(AsyncBatcher<?, ?> batcher);
    }

    private final BeanFactory beanFactory;
    private final ObjectProvider<BatcherFactory> factory;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Map<String, Member> byKey = new ConcurrentSkipListMap<>();

    Batchers(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
        this.factory = beanFactory.getBeanProvider(BatcherFactory.class);
    }

    /** All batchers in the order of their names. */
    List<AsyncBatcher<?, ?>> all() {
        return byKey.values().stream().<AsyncBatcher<?, ?>>map(Member::batcher).toList();
    }

    /** The batcher of this name or of one that is the same, or null. */
    @Nullable
    AsyncBatcher<?, ?> named(String name) {
        Member member = byKey.get(BatcherNames.key(name));
        return member == null ? null : member.batcher();
    }

    /** Tells somebody of every batcher, of those that are there at once. One may be told of twice. */
    void watch(Watcher watcher) {
        watchers.add(watcher);
        all().forEach(watcher::added);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        AsyncBatcher<?, ?> batcher = batcher(bean);
        if (batcher != null && isSingleton(beanName)) {
            add(new Member(beanName, batcher));
        }
        return bean;
    }

    private void add(Member member) {
        AsyncBatcher<?, ?> batcher = member.batcher();
        String key = BatcherNames.key(batcher.name());
        Member other = byKey.get(key);
        if (other != null && other.batcher() == batcher) {
            return; // one bean hands on what another is
        }
        // An earlier one of the same bean was given up: what came after it in the bean's creation has failed.
        if (other != null && !other.beanName().equals(member.beanName())) {
            throw clash(other, member);
        }
        if (!(batcher instanceof BatchedBatcher)) {
            factory.ifAvailable(settings -> settings.adopt(batcher));
        }
        if (other == null) {
            Member quicker = byKey.putIfAbsent(key, member);
            if (quicker != null) {
                throw clash(quicker, member);
            }
        } else {
            byKey.put(key, member);
            watchers.forEach(watcher -> watcher.removed(other.batcher()));
        }
        watchers.forEach(watcher -> watcher.added(batcher));
    }

    private static BatcherConfigurationException clash(Member one, Member other) {
        String name = one.batcher().name();
        String otherName = other.batcher().name();
        return new BatcherConfigurationException(
                "The beans '" + one.beanName() + "' and '" + other.beanName() + "' are "
                        + (name.equals(otherName)
                                ? "both a batcher of the name '" + name + "'."
                                : "batchers of the names '" + name + "' and '" + otherName
                                        + "', which are one name for properties."),
                "Give one of them another name, by @Batched(\"…\") or Builder.name(\"…\").");
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return member(bean) != null;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a forced stop waits for nobody
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        Member member = member(bean);
        if (member == null) {
            return;
        }
        AsyncBatcher<?, ?> batcher = member.batcher();
        byKey.remove(BatcherNames.key(batcher.name()));
        BatcherSnapshot snapshot = batcher.snapshot();
        if (snapshot.queued() > 0 || snapshot.inFlight() > 0) {
            log.warn("Batcher '" + batcher.name() + "' is closed before it was done: " + snapshot.queued()
                    + " queued and " + snapshot.inFlight() + " in-flight items fail.");
        }
        batcher.stop(true);
        watchers.forEach(watcher -> watcher.removed(batcher));
    }

    /** The entry of the batcher that a bean is or hands on, or null. */
    private @Nullable Member member(Object bean) {
        AsyncBatcher<?, ?> batcher = batcher(bean);
        Member member = batcher == null ? null : byKey.get(BatcherNames.key(batcher.name()));
        return member != null && member.batcher() == batcher ? member : null;
    }

    /** The batcher that a bean is, without its proxy, so that no advice is called when it is looked at. */
    private static @Nullable AsyncBatcher<?, ?> batcher(Object bean) {
        Object target = bean;
        for (Object next = bean; next != null; next = AopProxyUtils.getSingletonTarget(next)) {
            target = next;
        }
        return target instanceof AsyncBatcher<?, ?> batcher && !isMock(batcher) ? batcher : null;
    }

    private boolean isSingleton(String beanName) {
        return beanFactory.containsBean(beanName) && beanFactory.isSingleton(beanName);
    }

    /** A bean that a test replaced may answer nothing but null. */
    private static boolean isMock(AsyncBatcher<?, ?> batcher) {
        return batcher.name() == null;
    }
}
