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
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Every batcher bean that there is: those of methods, and those that the application declares. One that is lazy is here
 * from its first use on.
 *
 * <p>When the container destroys a batcher that still has items, its time is over: they are failed rather than waited
 * for. (A graceful stop had its chance in the {@link BatcherLifecycle}.)
 */
final class Batchers implements DestructionAwareBeanPostProcessor {

    private static final Log log = LogFactory.getLog(Batchers.class);

    /** A batcher, and the bean that it is. */
    private record Member(String beanName, AsyncBatcher<?, ?> batcher) {}

    /** Somebody who has to know of every batcher. */
    interface Watcher {
        void added(AsyncBatcher<?, ?> batcher);

        void removed(AsyncBatcher<?, ?> batcher);
    }

    private final BeanFactory beanFactory;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Map<String, Member> byName = new ConcurrentSkipListMap<>();

    Batchers(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** All batchers in the order of their names. */
    List<AsyncBatcher<?, ?>> all() {
        return byName.values().stream().<AsyncBatcher<?, ?>>map(Member::batcher).toList();
    }

    /** The batcher of this name, or null. */
    @Nullable
    AsyncBatcher<?, ?> named(String name) {
        Member member = byName.get(name);
        return member == null ? null : member.batcher();
    }

    /** The name of the bean that the batcher of this name is, or null. */
    @Nullable
    String beanName(String name) {
        Member member = byName.get(name);
        return member == null ? null : member.beanName();
    }

    /** Tells somebody of every batcher, of those that are there at once. One may be told of twice. */
    void watch(Watcher watcher) {
        watchers.add(watcher);
        all().forEach(watcher::added);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof AsyncBatcher<?, ?> batcher && isSingleton(beanName) && !isMock(batcher)) {
            Member other = byName.putIfAbsent(batcher.name(), new Member(beanName, batcher));
            if (other != null) {
                throw new BatcherConfigurationException(
                        "The beans '" + other.beanName() + "' and '" + beanName + "' are both a batcher of the name '"
                                + batcher.name() + "'.",
                        "Give one of them another name, by @Batched(\"…\") or Builder.name(\"…\").");
            }
            watchers.forEach(watcher -> watcher.added(batcher));
        }
        return bean;
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof AsyncBatcher<?, ?> batcher && !isMock(batcher) && named(batcher.name()) != null;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a forced stop waits for nobody
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (!(bean instanceof AsyncBatcher<?, ?> batcher) || isMock(batcher)) {
            return;
        }
        Member member = byName.get(batcher.name());
        if (member == null || !member.beanName().equals(beanName)) {
            return;
        }
        byName.remove(batcher.name());
        BatcherSnapshot snapshot = batcher.snapshot();
        if (snapshot.queued() > 0 || snapshot.inFlight() > 0) {
            log.warn("Batcher '" + batcher.name() + "' is closed before it was done: " + snapshot.queued()
                    + " queued and " + snapshot.inFlight() + " in-flight items fail.");
        }
        batcher.stop(true);
        watchers.forEach(watcher -> watcher.removed(member.batcher()));
    }

    private boolean isSingleton(String beanName) {
        return beanFactory.containsBean(beanName) && beanFactory.isSingleton(beanName);
    }

    /** A bean that a test replaced may answer nothing but null. */
    private static boolean isMock(AsyncBatcher<?, ?> batcher) {
        return batcher.name() == null;
    }
}
