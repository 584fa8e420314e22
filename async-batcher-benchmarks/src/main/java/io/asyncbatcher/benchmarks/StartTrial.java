package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.start.Beans;
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
 * One start of an application with 500 beans, in a JVM of its own. Argument: whether a hundred of them have a method with
 * the annotation that is looked at; {@code without} the starter nobody does, because it isn't on the class path.
 */
final class StartTrial {

    private static final int BEANS = 500;
    private static final int BATCHERS = 100;

    @EnableAutoConfiguration
    static class Application {}

    private StartTrial() {}

    public static void main(String[] arguments) throws IOException, IllegalAccessException {
        int callers = arguments[0].equals("injected") ? BATCHERS : 0;
        List<Class<?>> sources = new ArrayList<>(List.of(Application.class));
        sources.addAll(Beans.of("Batched", BATCHERS));
        if (callers > 0) {
            sources.addAll(Beans.of("Caller", callers));
        }
        sources.addAll(Beans.of("Plain", BEANS - BATCHERS - callers));
        SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
        application.setWebApplicationType(WebApplicationType.NONE);
        long startNanos = System.nanoTime();
        ConfigurableApplicationContext context =
                application.run("--spring.main.banner-mode=off", "--batcher.max-queue-time=5ms");
        long nanos = System.nanoTime() - startNanos;
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("startMillis", nanos / 1e6);
        metrics.put("beans", (double) context.getBeanDefinitionCount());
        metrics.put("clients", (double) Arrays.stream(context.getBeanDefinitionNames())
                .filter(name -> name.endsWith("BatcherClient"))
                .count());
        metrics.put("threads", (double) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("async-batcher"))
                .count());
        System.out.println(Trial.RESULT + Results.line(metrics));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
