package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatchResults;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.BatchedByFactory;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What is written of a context ahead of its time. */
class AheadOfTimeTests {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    @Import({Texts.class, Lookup.class})
    static class Application {
        @Bean
        TextLookup textLookup(BatchedByFactory factory) {
            return factory.create(TextLookup.class);
        }
    }

    record Id(long value) {}

    static class Texts {
        @Batched
        List<String> texts(List<Id> ids) {
            return ids.stream().map(id -> "text " + id.value()).toList();
        }

        @Batched
        void reported(List<Id> ids, BatchResults<String> results) {
            for (int i = 0; i < ids.size(); i++) {
                results.success(i, "text " + ids.get(i).value());
            }
        }
    }

    static class Lookup {
        @BatchedBy("texts")
        String text(Id id) {
            throw new AssertionError("not through the proxy");
        }
    }

    interface TextLookup {
        @BatchedBy("texts")
        String text(Id id);
    }

    private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

    private DefaultGenerationContext generated() {
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(Application.class)), files);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        generation.writeGeneratedContent();
        return generation;
    }

    @Test
    void clientsAreLeftToRunTime() {
        generated();
        assertThat(files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE).keySet())
                .allSatisfy(file -> assertThat(files.getGeneratedFileContent(GeneratedFiles.Kind.SOURCE, file))
                        .doesNotContain("registerBeanDefinition(\"textsBatcherClient\""))
                .anySatisfy(file -> assertThat(files.getGeneratedFileContent(GeneratedFiles.Kind.SOURCE, file))
                        .contains("registerBeanDefinition(\"asyncBatcherMethods\""));
    }

    @Test
    void methodsMayBeCalledByReflection() {
        RuntimeHints hints = generated().getRuntimeHints();
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Texts.class, "texts"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Texts.class, "reported"))
                .accepts(hints);
    }

    @Test
    void optionsMayBeReadAndChangedByReflection() {
        RuntimeHints hints = generated().getRuntimeHints();
        for (Method method : BatcherOptions.class.getMethods()) {
            if (method.getDeclaringClass() == BatcherOptions.class) {
                assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                        .accepts(hints);
            }
        }
    }

    @Test
    void anInterfaceOfCallsMayBeImplementedByAProxy() {
        assertThat(RuntimeHintsPredicates.proxies().forInterfaces(TextLookup.class))
                .accepts(generated().getRuntimeHints());
    }

    @Test
    void callsOfAnInterfaceMayBeMadeByReflection() {
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(TextLookup.class, "text"))
                .accepts(generated().getRuntimeHints());
    }

    @Test
    void theProxyOfAClassIsWritten() {
        generated();
        assertThat(files.getGeneratedFiles(GeneratedFiles.Kind.CLASS).keySet())
                .anyMatch(file -> file.startsWith(Lookup.class.getName().replace('.', '/') + "$$SpringCGLIB$$"));
    }
}
