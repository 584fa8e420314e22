package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/** All that the parts of an engine tell it. */
interface EnginePorts<T, R extends @Nullable Object> extends BatchOwner<T, R>, Watchdog.Watched {

    /** The alarm has rung, on the timer's thread. */
    void ring(Object setting);
}
