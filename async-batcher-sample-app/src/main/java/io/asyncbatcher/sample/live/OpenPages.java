package io.asyncbatcher.sample.live;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The open pages. Each is sent to on a thread of its own, and left out while it hasn't taken what it was sent before: one
 * that hangs holds up nobody else.
 */
final class OpenPages {

    static final int MOST = 64;

    private final Set<Page> pages = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, 2 * MOST, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), new CustomizableThreadFactory("live-page-"));
    private boolean closed;

    /** Another page looks on, until it goes or the application does. */
    synchronized SseEmitter add() {
        if (closed || pages.size() >= MOST) {
            String why = closed ? "The application is shutting down." : "There are " + MOST + " pages open already.";
            throw new ErrorResponseException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, why),
                    null);
        }
        Page page = new Page(new SseEmitter(0L));
        page.emitter.onCompletion(() -> pages.remove(page));
        page.emitter.onError(failure -> pages.remove(page));
        pages.add(page);
        return page.emitter;
    }

    int count() {
        return pages.size();
    }

    void send(String json) {
        for (Page page : pages) {
            if (page.sending.compareAndSet(false, true)) {
                try {
                    threads.execute(() -> page.send(json));
                } catch (RejectedExecutionException e) {
                    // Pages that hang have all threads, or everything ends: this one misses a frame.
                    page.sending.set(false);
                }
            }
        }
    }

    /** Ends every stream, so that the web server has no request to wait for. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Ending one waits for what is being sent to it.
        pages.forEach(page -> threads.execute(page.emitter::complete));
        threads.shutdown();
    }

    private final class Page {

        private final SseEmitter emitter;
        private final AtomicBoolean sending = new AtomicBoolean();

        Page(SseEmitter emitter) {
            this.emitter = emitter;
        }

        void send(String json) {
            try {
                emitter.send(SseEmitter.event().data(json));
            } catch (IOException | IllegalStateException gone) {
                // The page was closed; the web server ends the request.
                pages.remove(this);
            } finally {
                sending.set(false);
            }
        }
    }
}
