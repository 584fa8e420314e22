package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.aop.framework.AopInfrastructureBean;

/** The record of every batcher bean, from the moment on at which somebody wants to see one. */
final class BatchRecords implements Batchers.Watcher, AopInfrastructureBean {

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<AsyncBatcher<?, ?>, BatchRecord> records = new ConcurrentHashMap<>();

    BatchRecords(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public void added(AsyncBatcher<?, ?> batcher) {
        BatchRecord record = new BatchRecord(clock, nanoTime);
        if (records.putIfAbsent(batcher, record) == null) {
            batcher.addListener(record);
        }
    }

    @Override
    public void removed(AsyncBatcher<?, ?> batcher) {
        BatchRecord record = records.remove(batcher);
        if (record != null) {
            batcher.removeListener(record);
        }
    }

    /** The record of a batcher that was added; an empty one if it has just been removed. */
    BatchRecord of(AsyncBatcher<?, ?> batcher) {
        return Objects.requireNonNullElseGet(records.get(batcher), () -> new BatchRecord(clock, nanoTime));
    }
}
