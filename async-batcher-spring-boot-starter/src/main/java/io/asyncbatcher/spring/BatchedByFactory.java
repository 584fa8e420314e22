package io.asyncbatcher.spring;

/**
 * Implements interfaces with {@link BatchedBy} methods. Inject it into the bean method for such an interface:
 *
 * <pre>{@code
 * @Bean
 * PriceLookup priceLookup(BatchedByFactory factory) {
 *     return factory.create(PriceLookup.class);
 * }
 * }</pre>
 *
 * <p>As with Spring's {@code HttpServiceProxyFactory}, there is no scan of the class path. The configuration shows
 * which beans there are, conditions and qualifiers work as for any bean, and ahead-of-time processing needs no special
 * support.
 */
public interface BatchedByFactory {

    /**
     * Implements an interface. Its default methods keep their bodies. Every other method must be annotated with
     * {@link BatchedBy}.
     *
     * @param <I> the interface
     * @param type the interface
     * @return a thread-safe implementation; the return type of a method decides whether a call waits
     * @throws RuntimeException if a method cannot be {@link BatchedBy}; the message names the method and what to change
     */
    <I> I create(Class<I> type);
}
