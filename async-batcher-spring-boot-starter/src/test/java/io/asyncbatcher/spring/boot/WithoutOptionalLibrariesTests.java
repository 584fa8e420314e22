package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A class path without what is optional, as Reactor, in a class loader that shares nothing with this one: filtering the class loader of a
 * context alone would still link our own classes where that is.
 */
class WithoutOptionalLibrariesTests {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    @Import({Texts.class, Lookup.class})
    static class Application {
        @Bean
        TextLookup textLookup(BatchedByFactory factory) {
            return factory.create(TextLookup.class);
        }
    }

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    static class Lookup {
        @BatchedBy("texts")
        String text(Long id) {
            throw new AssertionError("not through the proxy");
        }
    }

    interface TextLookup {
        @BatchedBy("texts")
        String text(Long id);
    }

    /** What is run on that class path. */
    public static final class Run implements Callable<String> {
        @Override
        public String call() {
            try (AnnotationConfigApplicationContext context =
                    new AnnotationConfigApplicationContext(Application.class)) {
                return context.getBean(Lookup.class).text(1L) + ", "
                        + context.getBean(TextLookup.class).text(2L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "react(or|ive)-.*, reactor.core.publisher.Mono",
        "spring-(web|webmvc|webflux|tx|jdbc)-.*, org.springframework.http.ProblemDetail"
    })
    void everythingElseWorks(String left, String missing) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(classPath(left), ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> loader.loadClass(missing));
            Thread.currentThread().setContextClassLoader(loader);
            Callable<?> run = (Callable<?>)
                    loader.loadClass(Run.class.getName()).getConstructor().newInstance();
            assertThat(run.call()).isEqualTo("text 1, text 2");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL[] classPath(String left) {
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .map(Path::of)
                .filter(entry -> !entry.getFileName().toString().matches(left))
                .map(WithoutOptionalLibrariesTests::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
