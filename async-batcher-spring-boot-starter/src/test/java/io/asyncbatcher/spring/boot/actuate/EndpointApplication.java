package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.TestTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** An application with two batchers and the endpoint, spoken to over real HTTP. */
final class EndpointApplication implements AutoCloseable {

    static final String UNRESTRICTED = "--management.endpoint.batchers.access=unrestricted";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Texts.class)
    static class Beans {
        @Bean
        AsyncBatcher<Long, Long> declared() {
            return AsyncBatcher.<Long, Long>builder(List::copyOf)
                    .name("declared")
                    .build();
        }
    }

    static class Texts {

        static final long FAILS = -1;
        static final long HANGS = -2;

        final CountDownLatch hanging = new CountDownLatch(1);

        /** Lets what hangs go. */
        final CountDownLatch gate = new CountDownLatch(1);

        @Batched(maxBatchSize = "2", maxQueueTime = "10s")
        List<String> texts(List<Long> ids) throws InterruptedException {
            if (ids.contains(FAILS)) {
                throw new IllegalStateException("secret " + ids);
            }
            if (ids.contains(HANGS)) {
                hanging.countDown();
                gate.await(TestTimes.LONG.toSeconds(), TimeUnit.SECONDS);
            }
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;

    private EndpointApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static EndpointApplication run(String... args) {
        return run(WebApplicationType.SERVLET, args);
    }

    static EndpointApplication run(WebApplicationType type, String... args) {
        SpringApplication application = new SpringApplication(Beans.class);
        application.setWebApplicationType(type);
        String[] all = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--management.endpoints.web.exposure.include=batchers,health",
                                "--management.endpoint.health.show-details=always"),
                        Arrays.stream(args))
                .toArray(String[]::new);
        return new EndpointApplication(application.run(all));
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    @SuppressWarnings("unchecked")
    AsyncBatcher<Long, String> texts() {
        return context.getBean("textsBatcherClient", AsyncBatcher.class);
    }

    Texts target() {
        return context.getBean(Texts.class);
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** What a browser sends for a page of another site without asking before: a form, or a script's request without a body. */
    HttpResponse<String> postFromElsewhere(String path, @Nullable String form) {
        HttpRequest.Builder request = request(path).header("Origin", "https://elsewhere.example");
        return send(
                form == null
                        ? request.POST(HttpRequest.BodyPublishers.noBody())
                        : request.header("Content-Type", form).POST(HttpRequest.BodyPublishers.ofString("a=b")));
    }

    HttpResponse<String> delete(String path) {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        target().gate.countDown();
        context.close();
    }
}
