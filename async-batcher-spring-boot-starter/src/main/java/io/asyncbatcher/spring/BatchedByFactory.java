package io.asyncbatcher.spring;

/**
 * Implements interfaces whose methods are {@link BatchedBy}. Injected where such an interface is made a bean:
 *
 * <pre>{@code
 * @Bean
 * PriceLookup priceLookup(BatchedByFactory factory) {
 *     return factory.create(PriceLookup.class);
 * }
 * }</pre>
 *
 * <p>A method like any other, as with Spring's {@code HttpServiceProxyFactory}, rather than a scan of the class path: the
 * configuration shows which beans there are, conditions and qualifiers work as ever, and it is the same ahead of time.
 */
public interface BatchedByFactory {

    /**
     * Implements an interface. Its default methods keep their bodies; every other method has to be {@link BatchedBy}.
     *
     * @param <I> the interface
     * @param type the interface
     * @return safe for use by many threads; whether a call waits is up to the method's return type
     * @throws RuntimeException if a method can't be {@link BatchedBy}, saying which and what to change
     */
    <I> I create(Class<I> type);
}
