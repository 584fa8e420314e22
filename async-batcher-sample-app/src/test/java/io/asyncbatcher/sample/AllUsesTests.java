package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.spring.Batched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Any uses can run together: nothing of theirs has the same name. */
class AllUsesTests {

    /** One of the uses in two processes, and no uses of their own. */
    private static final Set<String> TWO_PROCESSES = Set.of("web", "worker");

    private final GenericApplicationContext context = new GenericApplicationContext();

    @BeforeEach
    void scanForAll() throws Exception {
        try (Stream<Path> settings = Files.list(Path.of("src/main/resources"))) {
            settings.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("application-\\w+\\.yml"))
                    .map(name -> name.substring("application-".length(), name.length() - ".yml".length()))
                    .filter(name -> !TWO_PROCESSES.contains(name))
                    .forEach(context.getEnvironment()::addActiveProfile);
        }
        ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(context);
        scanner.addExcludeFilter(
                (reader, factory) -> reader.getResource().getDescription().contains("test-classes"));
        scanner.scan(SampleApplication.class.getPackageName());
    }

    @Test
    void beansHaveNamesOfTheirOwn() {
        // The scan has failed otherwise.
        assertThat(context.getEnvironment().getActiveProfiles()).hasSize(13);
        assertThat(context.getBeanDefinitionCount()).isGreaterThan(13);
    }

    @Test
    void batchersHaveNamesOfTheirOwn() {
        List<String> batchers = Arrays.stream(context.getBeanDefinitionNames())
                .map(context::getBeanDefinition)
                .map(definition -> Objects.requireNonNull(definition.getBeanClassName()))
                .filter(name -> name.startsWith("io.asyncbatcher.sample"))
                .map(name -> ClassUtils.resolveClassName(name, null))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .map(method -> AnnotatedElementUtils.findMergedAnnotation(method, Batched.class))
                .filter(Objects::nonNull)
                .map(Batched::name)
                .toList();

        assertThat(batchers).hasSizeGreaterThan(13).doesNotHaveDuplicates().doesNotContain("");
    }
}
