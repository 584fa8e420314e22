package io.asyncbatcher.spring.boot.lifecycle;

import io.asyncbatcher.AsyncBatcher;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stage one of a stop: items are still accepted, but nothing lingers, no pause holds, and what an executor rejects because
 * the context closes runs elsewhere. Requests and messages in flight wait for companions that will not come any more, and
 * the web server and the message listeners wait for them.
 */
final class PromptDispatch implements Batchers.Watcher {

    /** What is restored if the context is started again. */
    private record Before(Duration maxQueueTime, boolean paused) {}

    private final Map<AsyncBatcher<?, ?>, Before> before = new ConcurrentHashMap<>();
    private volatile boolean begun;

    void begin(Batchers batchers) {
        begun = true;
        batchers.everyOne().forEach(this::hurry);
    }

    /** One that is made only now, for a request in flight, is in the same hurry. */
    @Override
    public void added(AsyncBatcher<?, ?> batcher) {
        if (begun) {
            hurry(batcher);
        }
    }

    @Override
    public boolean watchesUnshared() {
        return true;
    }

    @Override
    public void removed(AsyncBatcher<?, ?> batcher) {
        before.remove(batcher);
    }

    private void hurry(AsyncBatcher<?, ?> batcher) {
        before.computeIfAbsent(batcher, PromptDispatch::settings);
        batcher.prepareStop();
        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ZERO));
        batcher.resume();
    }

    private static Before settings(AsyncBatcher<?, ?> batcher) {
        return new Before(batcher.options().maxQueueTime(), batcher.snapshot().paused());
    }

    /** There is time again; each batcher that runs again is to be {@link #restore restored}. */
    void end() {
        begun = false;
    }

    /** Puts back what has not been set to something else meanwhile. */
    void restore(AsyncBatcher<?, ?> batcher) {
        Before settings = before.remove(batcher);
        if (settings != null) {
            if (batcher.isRunning()) {
                batcher.start(); // so that it expects no stop any more
            }
            batcher.reconfigure(options ->
                    options.maxQueueTime().isZero() ? options.withMaxQueueTime(settings.maxQueueTime()) : options);
            if (settings.paused()) {
                batcher.pause();
            }
        }
    }
}
