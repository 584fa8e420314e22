package io.asyncbatcher.internal.thread;

import java.util.concurrent.Executor;

/** Work whose thread may stand still in user code: another thread can go on with it. */
public interface Resumable {

    /** Lets another thread do what is not done yet. More than once does no harm. */
    void goOn(Executor elsewhere);
}
