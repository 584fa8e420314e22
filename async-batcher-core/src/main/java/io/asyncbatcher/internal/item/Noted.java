package io.asyncbatcher.internal.item;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * A listener's context of one item or one batch, and those of other listeners: linked, because mostly there is none or one.
 * What a context throws is logged and stops nothing.
 */
public final class Noted {

    /** The scope of nothing. */
    public static final ListenerContext.Scope NOTHING = () -> {};

    private final BatcherListener listener;
    private final ListenerContext context;
    private final @Nullable Noted next;

    public Noted(BatcherListener listener, ListenerContext context, @Nullable Noted next) {
        this.listener = listener;
        this.context = context;
        this.next = next;
    }

    /** What a listener has noted here. */
    public static @Nullable ListenerContext by(BatcherListener listener, @Nullable Noted first) {
        for (Noted noted = first; noted != null; noted = noted.next) {
            if (noted.listener == listener) {
                return noted.context;
            }
        }
        return null;
    }

    /** Makes everything current on this thread that was noted. */
    public static ListenerContext.Scope open(@Nullable Noted first, String batcher) {
        if (first == null) {
            return NOTHING;
        }
        ListenerContext.Scope scope = first.open(batcher);
        if (first.next == null) {
            return scope;
        }
        ListenerContext.Scope inner = open(first.next, batcher);
        return () -> {
            inner.close();
            scope.close();
        };
    }

    private ListenerContext.Scope open(String batcher) {
        try {
            ListenerContext.Scope scope = context.open();
            return () -> Listeners.contain(batcher, scope, ListenerContext.Scope::close);
        } catch (Throwable failure) {
            Listeners.log(batcher, failure);
            return NOTHING;
        }
    }

    /** Tells the contexts of a batch of its end. */
    public static void finished(
            @Nullable Noted first, String batcher, BatchOutcome outcome, @Nullable Throwable failure) {
        for (Noted noted = first; noted != null; noted = noted.next) {
            if (noted.context instanceof BatchContext batch) {
                Listeners.contain(batcher, batch, told -> told.onFinished(outcome, failure));
            }
        }
    }
}
