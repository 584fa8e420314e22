package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.TimeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Logs the failures of every batcher bean: once all singletons are there, and of a batcher that comes later from then on. */
final class FailureLogs implements Batchers.Watcher, SmartInitializingSingleton, AopInfrastructureBean {

    private final Batchers batchers;
    private final TimeSource time;
    private final Map<AsyncBatcher<?, ?>, FailureLog> logs = new ConcurrentHashMap<>();

    FailureLogs(Batchers batchers, TimeSource time) {
        this.batchers = batchers;
        this.time = time;
    }

    @Override
    public void afterSingletonsInstantiated() {
        batchers.watch(this);
    }

    @Override
    public void added(AsyncBatcher<?, ?> batcher) {
        FailureLog added = new FailureLog(batcher.name(), time);
        if (logs.putIfAbsent(batcher, added) == null) {
            batcher.addListener(added);
        }
    }

    @Override
    public void removed(AsyncBatcher<?, ?> batcher) {
        FailureLog removed = logs.remove(batcher);
        if (removed != null) {
            batcher.removeListener(removed);
            removed.close();
        }
    }
}
