package io.asyncbatcher.spring.boot.lifecycle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherNames;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
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
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
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
public final class Batchers
        implements DestructionAwareBeanPostProcessor,
                SmartInitializingSingleton,
                DisposableBean,
                AopInfrastructureBean {

    private static final Log log = LogFactory.getLog(Batchers.class);

    /** A batcher without the proxy that its bean may have, and the bean that it is. */
    private record Member(String beanName, AsyncBatcher<?, ?> batcher) {}

    /** Somebody who has to know of every batcher. */
    public interface Watcher {
        /** There is a batcher; one may be told of twice. */
        void added(AsyncBatcher<?, ?> batcher);

        /** A batcher is gone. */
        void removed(AsyncBatcher<?, ?> batcher);

        /** Whether it is told of those that aren't shared, too. */
        default boolean watchesUnshared() {
            return false;
        }
    }

    private final ConfigurableListableBeanFactory beanFactory;
    private final ObjectProvider<ConfiguredBatchers> settings;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Map<String, Member> byKey = new ConcurrentSkipListMap<>();

    /** Those of prototypes and scopes, as long as somebody has them. */
    @GuardedBy("unshared")
    private final Set<AsyncBatcher<?, ?>> unshared = Collections.newSetFromMap(new WeakHashMap<>());

    /** Knows those of a bean factory, which have to pass it as a post-processor. */
    public Batchers(ConfigurableListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
        this.settings = beanFactory.getBeanProvider(ConfiguredBatchers.class);
    }

    /** All batchers in the order of their names. */
    public List<AsyncBatcher<?, ?>> all() {
        return byKey.values().stream().<AsyncBatcher<?, ?>>map(Member::batcher).toList();
    }

    /** The same, with those that have just been registered as objects, and those that aren't shared. */
    List<AsyncBatcher<?, ?>> everyOne() {
        registered().forEach((beanName, batcher) -> {
            if (named(batcher.name()) == null) {
                add(new Member(beanName, batcher));
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

    /** The batcher of this name or of one that is the same, or null. */
    public @Nullable AsyncBatcher<?, ?> named(String name) {
        Member member = byKey.get(BatcherNames.key(name));
        return member == null ? null : member.batcher();
    }

    /** The name of the bean that the batcher of this name is, or null. */
    public @Nullable String beanName(String name) {
        Member member = byKey.get(BatcherNames.key(name));
        return member == null ? null : member.beanName();
    }

    /** Tells somebody of every batcher, of those that are there at once. One may be told of twice. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
        all().forEach(watcher::added);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        AsyncBatcher<?, ?> batcher = batcher(bean);
        if (batcher != null && isSingleton(beanName)) {
            add(new Member(beanName, batcher));
        } else if (batcher != null) {
            addUnshared(batcher);
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
        settings.ifAvailable(configured -> configured.adopt(batcher));
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
            Object bean = beanFactory.containsBeanDefinition(beanName) ? null : beanFactory.getSingleton(beanName);
            AsyncBatcher<?, ?> batcher = bean == null ? null : batcher(bean);
            if (batcher != null && named(batcher.name()) != batcher) {
                registered.put(beanName, batcher);
            }
        }
        return registered;
    }

    @Override
    public void afterSingletonsInstantiated() {
        registered().forEach((beanName, batcher) -> add(new Member(beanName, batcher)));
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        if (bean instanceof FactoryBean<?> factoryBean) {
            Class<?> product = factoryBean.getObjectType();
            return product == null || BatcherClient.class.isAssignableFrom(product);
        }
        return member(bean) != null;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (bean instanceof FactoryBean<?>) {
            byKey.values().stream()
                    .filter(member -> member.beanName().equals(beanName))
                    .forEach(this::end);
            return;
        }
        Member member = member(bean);
        if (member != null) {
            end(member);
        }
    }

    /** Ends what nobody else has. */
    @Override
    public void destroy() {
        byKey.values().forEach(this::end);
        List<AsyncBatcher<?, ?>> others = new ArrayList<>(registered().values());
        synchronized (unshared) {
            others.addAll(unshared);
        }
        others.forEach(Batchers::end);
    }

    private void end(Member member) {
        byKey.remove(BatcherNames.key(member.batcher().name()));
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
