package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Every batcher bean that there is: those of methods, those that the application declares, and those that it registers as
 * objects. One that is lazy is here from its first use on. Those of prototypes and scopes have no name that others couldn't
 * have, too, and so no meters and no place in the endpoint; they are only stopped with the context.
 *
 * <p>When the container destroys a batcher that still has items, its time is over: they are failed rather than waited
 * for. (A graceful stop had its chance in the {@link BatcherLifecycle}.) What it doesn't destroy, as products of factory
 * beans, ends with its factory or with this.
 */
final class Batchers implements DestructionAwareBeanPostProcessor, SmartInitializingSingleton, DisposableBean {

    private static final Log log = LogFactory.getLog(Batchers.class);

    /** A batcher, and the bean that it is. */
    private record Member(String beanName, AsyncBatcher<?, ?> batcher) {}

    /** Somebody who has to know of every batcher. */
    interface Watcher {
        void added(AsyncBatcher<?, ?> batcher);

        void removed(AsyncBatcher<?, ?> batcher);

        /** Whether it is told of those that aren't shared, too. */
        default boolean watchesUnshared() {
            return false;
        }
    }

    private final ConfigurableListableBeanFactory beanFactory;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Map<String, Member> byName = new ConcurrentSkipListMap<>();

    /** Those of prototypes and scopes, as long as somebody has them. */
    private final Set<AsyncBatcher<?, ?>> unshared = Collections.newSetFromMap(new WeakHashMap<>());

    Batchers(ConfigurableListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** All batchers in the order of their names. */
    List<AsyncBatcher<?, ?>> all() {
        return byName.values().stream().<AsyncBatcher<?, ?>>map(Member::batcher).toList();
    }

    /** The same, with those that have just been registered as objects, and those that aren't shared. */
    List<AsyncBatcher<?, ?>> everyOne() {
        registered().forEach((beanName, batcher) -> {
            if (named(batcher.name()) == null) {
                add(beanName, batcher);
            } else {
                addUnshared(batcher);
            }
        });
        List<AsyncBatcher<?, ?>> every = new ArrayList<>(all());
        synchronized (unshared) {
            every.addAll(unshared);
        }
        return every;
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
        if (bean instanceof AsyncBatcher<?, ?> batcher && !isMock(batcher)) {
            add(beanName, batcher);
        }
        return bean;
    }

    private void add(String beanName, AsyncBatcher<?, ?> batcher) {
        if (isSingleton(beanName)) {
            Member other = byName.putIfAbsent(batcher.name(), new Member(beanName, batcher));
            if (other != null) {
                throw new BatcherConfigurationException(
                        "The beans '" + other.beanName() + "' and '" + beanName + "' are both a batcher of the name '"
                                + batcher.name() + "'.",
                        "Give one of them another name, by @Batched(\"…\") or Builder.name(\"…\").");
            }
            watchers.forEach(watcher -> watcher.added(batcher));
        } else {
            addUnshared(batcher);
        }
    }

    private void addUnshared(AsyncBatcher<?, ?> batcher) {
        synchronized (unshared) {
            unshared.add(batcher);
        }
        watchers.stream().filter(Watcher::watchesUnshared).forEach(watcher -> watcher.added(batcher));
    }

    /** Those of objects that are registered as beans, which pass no post-processor, as far as they are not known yet. */
    private Map<String, AsyncBatcher<?, ?>> registered() {
        Map<String, AsyncBatcher<?, ?>> registered = new TreeMap<>();
        for (String beanName : beanFactory.getBeanNamesForType(AsyncBatcher.class, false, false)) {
            if (!beanFactory.containsBeanDefinition(beanName)
                    && beanFactory.getSingleton(beanName) instanceof AsyncBatcher<?, ?> batcher
                    && !isMock(batcher)
                    && named(batcher.name()) != batcher) {
                registered.put(beanName, batcher);
            }
        }
        return registered;
    }

    @Override
    public void afterSingletonsInstantiated() {
        registered().forEach(this::add);
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        if (bean instanceof FactoryBean<?> factory) {
            Class<?> product = factory.getObjectType();
            return product == null || BatcherClient.class.isAssignableFrom(product);
        }
        return bean instanceof AsyncBatcher<?, ?> batcher && !isMock(batcher) && named(batcher.name()) != null;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (bean instanceof FactoryBean<?> || (bean instanceof AsyncBatcher<?, ?> batcher && !isMock(batcher))) {
            byName.values().stream()
                    .filter(member -> member.beanName().equals(beanName))
                    .forEach(this::end);
        }
    }

    /** Ends what nobody else has. */
    @Override
    public void destroy() {
        byName.values().forEach(this::end);
        List<AsyncBatcher<?, ?>> others = new ArrayList<>(registered().values());
        synchronized (unshared) {
            others.addAll(unshared);
        }
        others.forEach(Batchers::end);
    }

    private void end(Member member) {
        byName.remove(member.batcher().name());
        end(member.batcher());
        watchers.forEach(watcher -> watcher.removed(member.batcher()));
    }

    /** Fails what is left. A batch that ends its own batcher is not interrupted in what it has still to do for that. */
    @SuppressWarnings({"FutureReturnValueIgnored", "CheckReturnValue"}) // a forced stop waits for nobody
    private static void end(AsyncBatcher<?, ?> batcher) {
        BatcherSnapshot snapshot = batcher.snapshot();
        if (snapshot.queued() > 0 || snapshot.inFlight() > 0) {
            log.warn("Batcher '" + batcher.name() + "' is closed before it was done: " + snapshot.queued()
                    + " queued and " + snapshot.inFlight() + " in-flight items fail.");
        }
        boolean interrupted = Thread.currentThread().isInterrupted();
        batcher.stop(true);
        if (batcher.isInside() && !interrupted) {
            Thread.interrupted();
        }
    }

    private boolean isSingleton(String beanName) {
        return beanFactory.containsBean(beanName) && beanFactory.isSingleton(beanName);
    }

    /** A bean that a test replaced may answer nothing but null. */
    private static boolean isMock(AsyncBatcher<?, ?> batcher) {
        return batcher.name() == null;
    }
}
