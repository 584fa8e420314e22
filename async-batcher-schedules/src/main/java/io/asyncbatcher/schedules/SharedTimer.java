package io.asyncbatcher.schedules;

import io.asyncbatcher.TimeSource;
import java.lang.reflect.Field;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.pastalab.fray.runtime.Runtime;

/**
 * Tells Fray of the condition on which the timer that all batchers share waits. Fray learns of a condition when it is
 * made, and forgets it with the schedule; the timer's outlives the schedule. The only place that looks into private fields.
 */
final class SharedTimer {

    private static final Lock LOCK;
    private static final Condition AVAILABLE;

    static {
        try {
            TimeSource time = TimeSource.system();
            Object queue = ((ScheduledThreadPoolExecutor) read(time, time.getClass(), "timer")).getQueue();
            LOCK = (Lock) read(queue, queue.getClass(), "lock");
            AVAILABLE = (Condition) read(queue, queue.getClass(), "available");
        } catch (ReflectiveOperationException changed) {
            throw new ExceptionInInitializerError(changed);
        }
    }

    private SharedTimer() {}

    private static Object read(Object owner, Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    /** At the beginning of each schedule. */
    static void register() {
        Runtime.onLockNewCondition(AVAILABLE, LOCK);
    }
}
