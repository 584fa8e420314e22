package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.internal.batch.BatchOwner;
import io.asyncbatcher.internal.thread.Watchdog;
import org.jspecify.annotations.Nullable;

/** All that the parts of an engine tell it. */
public interface EnginePorts<T, R extends @Nullable Object> extends BatchOwner<T, R>, Watchdog.Watched {

    /** The alarm has rung, on the timer's thread. */
    void ring();
}
