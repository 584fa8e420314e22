package io.asyncbatcher.spring.boot.lifecycle;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * What every batcher bean gets one of, as meters or a listener: once all singletons are there, so that nothing is made
 * earlier than without it, and a batcher that comes later when it comes.
 *
 * @param <A> what is attached
 */
public final class Attachments<A> implements Batchers.Watcher, SmartInitializingSingleton, AopInfrastructureBean {

    private final Batchers batchers;
    private final Function<AsyncBatcher<?, ?>, @Nullable A> attach;
    private final BiConsumer<AsyncBatcher<?, ?>, A> detach;
    private final Map<AsyncBatcher<?, ?>, A> attached = new ConcurrentHashMap<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * Attaches nothing yet.
     *
     * @param attach makes it and attaches it to a batcher; null if this one gets none
     * @param detach takes it away
     */
    public Attachments(
            Batchers batchers,
            Function<AsyncBatcher<?, ?>, @Nullable A> attach,
            BiConsumer<AsyncBatcher<?, ?>, A> detach) {
        this.batchers = batchers;
        this.attach = attach;
        this.detach = detach;
    }

    /** Attaches a listener to each batcher for which there is one. */
    public static <L extends BatcherListener> Attachments<L> ofListeners(
            Batchers batchers, Function<AsyncBatcher<?, ?>, @Nullable L> listener) {
        return new Attachments<>(
                batchers,
                batcher -> {
                    L added = listener.apply(batcher);
                    if (added != null) {
                        batcher.addListener(added);
                    }
                    return added;
                },
                AsyncBatcher::removeListener);
    }

    /** Begins now, if it has not begun yet. */
    public void begin() {
        if (begun.compareAndSet(false, true)) {
            batchers.watch(this);
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        begin();
    }

    @Override
    public void added(AsyncBatcher<?, ?> batcher) {
        attached.computeIfAbsent(batcher, attach);
    }

    @Override
    public void removed(AsyncBatcher<?, ?> batcher) {
        A removed = attached.remove(batcher);
        if (removed != null) {
            detach.accept(batcher, removed);
        }
    }

    /** What a batcher has got; empty if it has just been removed. */
    public Optional<A> of(AsyncBatcher<?, ?> batcher) {
        return Optional.ofNullable(attached.get(batcher));
    }
}
