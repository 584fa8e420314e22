package io.asyncbatcher.spring;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * A bean for a batcher that runs in another application:
 *
 * <pre>{@code
 * @Bean
 * RemoteBatcher<Sku, Price> prices() {
 *     return RemoteBatcher.of("prices", Sku.class, Price.class);   // batcher.instances.prices.remote.target says where
 * }
 * }</pre>
 *
 * <p>Declare this bean if no injection point has the types of items and results, or if its types are too specific.
 * Otherwise, an injected {@code BatcherClient<Sku, Price> prices} is enough. All calls are delegated to a
 * {@code io.asyncbatcher.grpc.GrpcBatcher}, whose documentation describes the differences to a local batcher.
 *
 * @param <T> the item
 * @param <R> its result
 */
public final class RemoteBatcher<T, R extends @Nullable Object> implements AsyncBatcher<T, R> {

    /** What it hands everything to. */
    private record Binding<T, R extends @Nullable Object>(AsyncBatcher<T, R> batcher, Supplier<RemoteStatus> status) {}

    private final String name;
    private final Type itemType;
    private final Type resultType;
    private volatile @Nullable Binding<T, R> binding;

    private RemoteBatcher(String name, Type itemType, Type resultType) {
        this.name = BatcherOptions.defaults().withName(name).name();
        this.itemType = Objects.requireNonNull(itemType, "itemType");
        this.resultType = Objects.requireNonNull(resultType, "resultType");
    }

    /**
     * Declares a batcher of another application.
     *
     * @param name the name of the batcher in both applications
     * @param item the type of the items
     * @param result the type of the results
     * @param <T> the item
     * @param <R> the result
     * @return the batcher; the starter binds it if it is a bean
     */
    public static <T, R extends @Nullable Object> RemoteBatcher<T, R> of(String name, Class<T> item, Class<R> result) {
        return new RemoteBatcher<>(name, item, result);
    }

    /**
     * Declares a batcher of another application whose items or results are of a generic type.
     *
     * @param name the name of the batcher in both applications
     * @param item the type of the items
     * @param result the type of the results
     * @param <T> the item
     * @param <R> the result
     * @return the batcher; the starter binds it if it is a bean
     */
    public static <T, R extends @Nullable Object> RemoteBatcher<T, R> of(
            String name, ParameterizedTypeReference<T> item, ParameterizedTypeReference<R> result) {
        return new RemoteBatcher<>(name, item.getType(), result.getType());
    }

    /**
     * The type of the items.
     *
     * @return the type
     */
    public Type itemType() {
        return itemType;
    }

    /**
     * The type of the results.
     *
     * @return the type
     */
    public Type resultType() {
        return resultType;
    }

    /**
     * Sets the batcher that sends the items. The auto-configuration calls this once.
     *
     * @param batcher the batcher that gets all items
     * @param status the state of its connections
     * @throws IllegalStateException if it is already bound
     */
    public void bind(AsyncBatcher<T, R> batcher, Supplier<RemoteStatus> status) {
        if (binding != null) {
            throw new IllegalStateException("The remote batcher '" + name + "' is bound already");
        }
        binding = new Binding<>(batcher, status);
    }

    /**
     * The state of the connections to its workers.
     *
     * @return the state
     */
    public RemoteStatus status() {
        return bound().status().get();
    }

    private Binding<T, R> bound() {
        Binding<T, R> known = binding;
        if (known == null) {
            throw new IllegalStateException("The remote batcher '" + name
                    + "' is not connected; declare it as a bean of an application with Spring Boot, where"
                    + " batcher.enabled isn't false");
        }
        return known;
    }

    @Override
    public CompletableFuture<R> process(T item) {
        return bound().batcher().process(item);
    }

    @Override
    public CompletableFuture<R> process(T item, Duration timeout) {
        return bound().batcher().process(item, timeout);
    }

    @Override
    public CompletableFuture<List<R>> processAll(Collection<? extends T> items) {
        return bound().batcher().processAll(items);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public BatcherOptions options() {
        return bound().batcher().options();
    }

    @Override
    public void reconfigure(UnaryOperator<BatcherOptions> change) {
        bound().batcher().reconfigure(change);
    }

    @Override
    public BatcherSnapshot snapshot() {
        return bound().batcher().snapshot();
    }

    @Override
    public void addListener(BatcherListener listener) {
        bound().batcher().addListener(listener);
    }

    @Override
    public void removeListener(BatcherListener listener) {
        bound().batcher().removeListener(listener);
    }

    @Override
    public void flush() {
        bound().batcher().flush();
    }

    @Override
    public void pause() {
        bound().batcher().pause();
    }

    @Override
    public void resume() {
        bound().batcher().resume();
    }

    @Override
    public void start() {
        bound().batcher().start();
    }

    @Override
    public boolean isRunning() {
        return bound().batcher().isRunning();
    }

    @Override
    public CompletableFuture<Void> stop(boolean force) {
        return bound().batcher().stop(force);
    }

    @Override
    public CompletableFuture<Void> stop(Duration grace) {
        return bound().batcher().stop(grace);
    }

    @Override
    public void close() {
        Binding<T, R> known = binding;
        if (known != null) {
            known.batcher().close();
        }
    }

    @Override
    public String toString() {
        return "RemoteBatcher[" + name + "]";
    }
}
