package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.startup.BeanClasses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts of an application with 500 beans, one after the other in a JVM of its own. Argument: whether a hundred of them have a method with
 * the annotation that is looked at; {@code without} the starter nobody does, because it isn't on the class path.
 */
final class StartupTrial {

    private static final int BEANS = 500;
    private static final int BATCHERS = 100;

    /** In a JVM that has its classes and most of its code by now, as tests of an application have it. */
    private static final int LATER_STARTS = 9;

    @EnableAutoConfiguration
    static class Application {}

    private StartupTrial() {}

    public static void main(String[] arguments) throws IOException, IllegalAccessException {
        int callers = arguments[0].equals("injected") ? BATCHERS : 0;
        List<Class<?>> sources = new ArrayList<>(List.of(Application.class));
        sources.addAll(BeanClasses.of("Batched", BATCHERS));
        if (callers > 0) {
            sources.addAll(BeanClasses.of("Caller", callers));
        }
        sources.addAll(BeanClasses.of("Plain", BEANS - BATCHERS - callers));
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("startMillis", start(sources, metrics));
        double[] later = new double[LATER_STARTS];
        for (int i = 0; i < LATER_STARTS; i++) {
            later[i] = start(sources, metrics);
        }
        Arrays.sort(later);
        metrics.put("laterStartMillis", later[LATER_STARTS / 2]);
        System.out.println(Trial.RESULT + Results.line(metrics));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Starts the application, looks at it and closes it; returns what the start took, in milliseconds. */
    private static double start(List<Class<?>> sources, Map<String, Double> metrics) {
        SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
        application.setWebApplicationType(WebApplicationType.NONE);
        long startNanos = System.nanoTime();
        try (ConfigurableApplicationContext context =
                application.run("--spring.main.banner-mode=off", "--batcher.max-queue-time=5ms")) {
            long nanos = System.nanoTime() - startNanos;
            metrics.put("beans", (double) context.getBeanDefinitionCount());
            metrics.put("clients", (double) Arrays.stream(context.getBeanDefinitionNames())
                    .filter(name -> name.endsWith("BatcherClient"))
                    .count());
            // of the first start: later ones find what the end of the one before has left
            metrics.putIfAbsent("threads", (double) Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("async-batcher"))
                    .count());
            return nanos / 1e6;
        }
    }
}
