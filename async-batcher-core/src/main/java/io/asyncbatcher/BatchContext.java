package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * The context that a {@link BatcherListener} creates for one batch. It is current on the thread that calls the
 * processor, for the duration of the call (the call of an asynchronous processor ends when it returns its stage). If a
 * failed batch is halved, it is current again for each further call. It is also current while listeners are called for
 * the dispatch and for the end of the batch. Continuations of callers do not run in it.
 */
public interface BatchContext extends ListenerContext {

    /**
     * The batch has ended. Its items are settled next. Called once, by any thread. After a timeout or a forced stop,
     * the processor may still be running.
     *
     * @param outcome how it ended
     * @param failure the exception of the last call of the processor or of its stage, or the reason why the batch was
     *     aborted; null if the call returned results
     */
    void onFinished(BatchOutcome outcome, @Nullable Throwable failure);
}
