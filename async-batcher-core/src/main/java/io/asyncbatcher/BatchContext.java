package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link BatcherListener} makes for one batch. It is current on the thread that calls the processor for as long as
 * the call takes (an asynchronous processor's call ends when it has returned its stage), once more for each call where a
 * failed batch is halved, and while listeners hear that the batch has been dispatched and has ended. Callers'
 * continuations don't run in it.
 */
public interface BatchContext extends ListenerContext {

    /**
     * The batch has ended; its items are settled next. Called once, by any thread. A processor that was left behind by a
     * timeout or a forced stop may still be running then.
     *
     * @param outcome how
     * @param failure what the last call of the processor, or its stage, has failed with, or why the batch was aborted;
     *     null where the call returned results
     */
    void onFinished(BatchOutcome outcome, @Nullable Throwable failure);
}
