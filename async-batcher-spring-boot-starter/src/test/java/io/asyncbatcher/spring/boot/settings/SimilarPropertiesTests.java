package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.spring.boot.BatcherSettings;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** What an unknown property may mean. */
class SimilarPropertiesTests {

    private final SimilarProperties similar =
            new SimilarProperties(OptionNames.properties(BatcherSettings.class), BatcherProperties.otherNames());

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                // letters
                "batcher.max-batch-sise, batcher.max-batch-size",
                "batcher.concurency, batcher.concurrency",
                "batcher.enable, batcher.enabled",
                "batcher.maxbatchsise, batcher.max-batch-size",
                "batcher.health.full-afer, batcher.health.full-after",
                "batcher.helth.status, batcher.health.status",
                "batcher.web.problem-detail.enabled, batcher.web.problem-details.enabled",
                // words
                "batcher.batch-size, batcher.max-batch-size",
                "batcher.timeout, batcher.batch-timeout batcher.item-timeout",
                "batcher.web.enabled, batcher.web.problem-details.enabled",
                "batcher.health.stuck, batcher.health.stuck-after",
                // of one batcher
                "batcher.instances.prices.max-batch-sise, batcher.instances.prices.max-batch-size",
                "batcher.instances.prices.maxqueuetme, batcher.instances.prices.max-queue-time",
                "batcher.prices.max-batch-size, batcher.instances.prices.max-batch-size",
                "batcher.instance.prices.max-batch-sise, batcher.instances.prices.max-batch-size",
                // nothing like it
                "batcher.instances.prices.colour, none",
                "batcher.colour, none",
                "batcher.a.b.c.d, none"
            })
    void thePropertiesWithTheSameWordsOrAlmostTheSameLetters(String unknown, String meant) {
        List<String> expected = meant == null ? List.of() : Arrays.asList(meant.split(" "));

        assertThat(similar.to(ConfigurationPropertyName.of(unknown))).containsExactlyElementsOf(expected);
    }
}
