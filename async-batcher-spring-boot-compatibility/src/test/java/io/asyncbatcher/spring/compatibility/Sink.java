package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * Where messages end in batches, with what a test needs to know of them. The second batch fails at the first try, if asked for.
 * After some messages a batch waits until the context begins to close, so that messages are in flight then.
 */
final class Sink {

    /** In every application: what a listener hands its messages to. */
    @EnableAutoConfiguration
    @Import({Sink.class, Door.class})
    static final class Application {}

    /** Hands messages over, and keeps the futures. */
    static final class Door {

        private final BatcherClient<String, Void> client;
        private final Queue<CompletableFuture<?>> submitted = new ConcurrentLinkedQueue<>();

        Door(BatcherClient<String, Void> client) {
            this.client = client;
        }

        CompletableFuture<Void> store(String message) {
            CompletableFuture<Void> stored = client.process(message);
            submitted.add(stored);
            return stored;
        }

        CompletableFuture<?> storeAll(Collection<String> messages) {
            CompletableFuture<?> stored = client.processAll(messages);
            submitted.add(stored);
            return stored;
        }

        void assertAllSettled() {
            assertThat(submitted)
                    .isNotEmpty()
                    .allSatisfy(future -> assertThat(future).isDone());
        }
    }

    private final int holdAfter;
    private final boolean fails;
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);

    Sink(Environment environment) {
        this.holdAfter = environment.getRequiredProperty("sink.hold-after", Integer.class);
        this.fails = environment.getRequiredProperty("sink.fails", Boolean.class);
    }

    @Batched
    void store(List<String> messages) throws InterruptedException {
        if (fails && holdAfter < Integer.MAX_VALUE && !stored.isEmpty() && failures.getAndIncrement() == 0) {
            throw new IllegalStateException("The first try of this batch fails");
        }
        if (stored.size() >= holdAfter) {
            held.countDown();
            assertThat(closing.await(20, TimeUnit.SECONDS)).isTrue();
        }
        stored.addAll(messages);
        count.addAndGet(messages.size());
    }

    @EventListener
    void closing(ContextClosedEvent event) {
        closing.countDown();
    }

    void awaitHeld() throws InterruptedException {
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
    }

    Set<String> stored() {
        return stored;
    }

    /** How many were stored, those that came twice counted twice. */
    int count() {
        return count.get();
    }

    int failures() {
        return failures.get();
    }
}
