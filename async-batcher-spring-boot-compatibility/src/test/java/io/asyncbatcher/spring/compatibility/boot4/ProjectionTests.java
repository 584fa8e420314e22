package io.asyncbatcher.spring.compatibility.boot4;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** A derived query that returns a map: one row, as a map by column. Spring Data of 3.5 refuses it at the start. */
@SpringBootTest(
        classes = ProjectionTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "spring.autoconfigure.exclude=",
            "spring.jpa.hibernate.ddl-auto=create-drop",
            "spring.datasource.url=jdbc:h2:mem:projections"
        })
@ExtendWith(OutputCaptureExtension.class)
class ProjectionTests {

    @EnableAutoConfiguration
    @EnableJpaRepositories(considerNestedRepositories = true)
    @Import(Titles.class)
    static class Application {}

    @Entity
    static class Title {

        @Id
        private String isbn;

        protected Title() {}

        Title(String isbn) {
            this.isbn = isbn;
        }
    }

    interface TitleRepository extends JpaRepository<Title, String> {
        Map<String, Title> findByIsbnIn(List<String> isbns);
    }

    static class Titles {

        private final TitleRepository repository;

        Titles(TitleRepository repository) {
            this.repository = repository;
        }

        @Batched(value = "titles", maxBatchSize = "2", maxQueueTime = "10m")
        Map<String, Title> findAll(List<String> isbns) {
            return repository.findByIsbnIn(isbns);
        }
    }

    @Test
    void aMapThatIsAProjectionIsWarnedOf(
            @Autowired TitleRepository repository,
            @Autowired BatcherClient<String, Title> titles,
            CapturedOutput output) {
        repository.save(new Title("isbn-1"));

        List<CompletableFuture<Title>> futures =
                Stream.of("isbn-1", "none").map(titles::process).toList();

        assertThat(futures)
                .allSatisfy(future -> assertThat(future)
                        .succeedsWithin(Duration.ofSeconds(20))
                        .isNull());
        assertThat(output)
                .contains("In the map that the processor of batcher 'titles' returned for a batch of 2 items, no key"
                        + " equals an item")
                .doesNotContain("isbn-1");
    }
}
