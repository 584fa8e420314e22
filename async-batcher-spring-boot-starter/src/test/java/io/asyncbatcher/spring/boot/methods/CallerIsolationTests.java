package io.asyncbatcher.spring.boot.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration;
import io.asyncbatcher.spring.boot.TestTimes;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** What is bound to a caller's thread is seen by no batch, be it the one that the caller has set off. */
class CallerIsolationTests {

    private static final int BATCHES = 50;
    private static final String SECRET = "of the caller";
    private static final ThreadLocal<String> OWN = new ThreadLocal<>();
    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
    private static final ObservationRegistry OBSERVATIONS = ObservationRegistry.create();
    private static final int KINDS = 10;

    static {
        // Without a handler nothing would ever be current.
        OBSERVATIONS.observationConfig().observationHandler(context -> true);
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration.class))
            .withPropertyValues("batcher.max-batch-size=1", "batcher.concurrency=-1")
            .withBean(Looking.class);

    /** A batcher that tells what it sees. Its batches wait for each other, so that each has a thread of its own. */
    static class Looking {

        private final CountDownLatch all = new CountDownLatch(BATCHES);

        @Batched
        List<Map<String, String>> looking(List<Integer> items) throws InterruptedException {
            Map<String, String> seen = seen();
            all.countDown();
            if (!all.await(TestTimes.LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The batches didn't run side by side");
            }
            return List.of(seen);
        }
    }

    private static Map<String, String> seen() {
        Map<String, String> seen = new TreeMap<>();
        see(seen, "MDC", MDC.get("user"));
        see(seen, "security", SecurityContextHolder.getContext().getAuthentication());
        see(seen, "transaction", TransactionSynchronizationManager.getCurrentTransactionName());
        see(seen, "resource", TransactionSynchronizationManager.getResource("connection"));
        see(seen, "request", RequestContextHolder.getRequestAttributes());
        see(seen, "locale", LocaleContextHolder.getLocaleContext());
        see(seen, "thread-local", OWN.get());
        see(seen, "inheritable thread-local", INHERITED.get());
        see(seen, "observation", OBSERVATIONS.getCurrentObservation());
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        see(seen, "class loader", loader == Looking.class.getClassLoader() ? null : loader);
        return seen;
    }

    private static void see(Map<String, String> seen, String what, Object value) {
        if (value != null) {
            seen.put(what, value.toString());
        }
    }

    /** Binds everything that there is to this thread. */
    private static void becomeCaller() {
        MDC.put("user", SECRET);
        SecurityContextHolder.setContext(new SecurityContextImpl(new TestingAuthenticationToken(SECRET, SECRET)));
        TransactionSynchronizationManager.setCurrentTransactionName(SECRET);
        TransactionSynchronizationManager.bindResource("connection", SECRET);
        RequestContextHolder.setRequestAttributes(mock(RequestAttributes.class), true);
        LocaleContextHolder.setLocale(Locale.KOREAN, true);
        OWN.set(SECRET);
        INHERITED.set(SECRET);
        Observation.start("request", OBSERVATIONS).openScope();
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0]));
    }

    private static void nothingIsSeen(BatcherClient<Integer, Map<String, String>> looking) {
        CompletableFuture<Map<String, String>> seenByCaller = new CompletableFuture<>();
        List<CompletableFuture<Map<String, String>>> seenByBatches = new CopyOnWriteArrayList<>();
        SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_INHERITABLETHREADLOCAL);
        try {
            new Thread(() -> {
                        becomeCaller();
                        for (int item = 0; item < BATCHES; item++) {
                            seenByBatches.add(looking.process(item));
                        }
                        seenByCaller.complete(seen());
                    })
                    .start();

            assertThat(seenByCaller)
                    .succeedsWithin(TestTimes.LONG)
                    .extracting(Map::size)
                    .isEqualTo(KINDS);
            assertThat(seenByBatches)
                    .hasSize(BATCHES)
                    .allSatisfy(seen ->
                            assertThat(seen).succeedsWithin(TestTimes.LONG).isEqualTo(Map.of()));
        } finally {
            SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_THREADLOCAL);
        }
    }

    @Test
    void aBatchOnAThreadOfItsOwnSeesNothingOfACaller() {
        runner.run(context -> nothingIsSeen(client(context)));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aBatchOnAVirtualThreadSeesNothingOfACaller() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true").run(context -> nothingIsSeen(client(context)));
    }

    @SuppressWarnings("unchecked")
    private static BatcherClient<Integer, Map<String, String>> client(ApplicationContext context) {
        return context.getBean("lookingBatcherClient", BatcherClient.class);
    }
}
