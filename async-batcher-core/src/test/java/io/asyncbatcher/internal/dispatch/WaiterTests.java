package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.internal.item.Item;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class WaiterTests {

    @Test
    void aWaitEndsOnce() {
        ReentrantLock lock = new ReentrantLock();
        Waiter<Integer, Integer> waiter = new Waiter<>(new Item<>(null, 1), null, 0, lock);
        assertThat(waiter.isOver()).isFalse();

        lock.lock();
        try {
            waiter.end(null);
            waiter.end(new QueueFullException("thrown by a test"));
        } finally {
            lock.unlock();
        }

        assertThat(waiter.isOver()).isTrue();
        assertThat(waiter.rejection()).isNull();
    }
}
