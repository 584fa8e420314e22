package io.asyncbatcher.spring.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainOptionTests {

    private static final BatcherOptions DEFAULTS = BatcherOptions.defaults();

    private static PlainOption option(String name) {
        return PlainOption.ALL.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thereIsOneForEveryOptionButTheName() {
        assertThat(PlainOption.ALL)
                .extracting(PlainOption::name)
                .containsExactlyElementsOf(Arrays.stream(BatcherOptions.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .filter(name -> !name.equals("name"))
                        .toList());
    }

    @Test
    void whateverIsShownCanBeSentBack() {
        BatcherOptions unlike = DEFAULTS.withMaxBatchSize(-1)
                .withMaxQueueTime(Duration.ofNanos(1_500))
                .withConcurrency(7)
                .withMaxQueueSize(8)
                .withOverflow(OverflowPolicy.BLOCK)
                .withMaxBlockTime(Duration.ofDays(1))
                .withMaxBatchWeight(Long.MAX_VALUE)
                .withDeduplicate(true)
                .withBatchTimeout(Duration.ofMillis(9))
                .withItemTimeout(Duration.ofMillis(12))
                .withShedLoad(true)
                .withPriorityAgeing(Duration.ofMillis(13))
                .withMaxAttempts(10)
                .withRetryDelay(Duration.ofMillis(10))
                .withMaxRetryDelay(Duration.ofSeconds(10))
                .withRateLimit(11, Duration.ofMinutes(1))
                .withDispatch(DispatchMode.ADAPTIVE);
        for (PlainOption option : PlainOption.ALL) {
            Object shown = option.shown(unlike);
            assertThat(shown).isNotEqualTo(option.shown(DEFAULTS));
            assertThat(option.shown(option.changed(DEFAULTS, Objects.toString(shown))))
                    .isEqualTo(shown);

            Object shownByDefault = option.shown(DEFAULTS);
            assertThat(option.shown(option.changed(unlike, Objects.toString(shownByDefault, null))))
                    .isEqualTo(shownByDefault);
        }
    }

    @Test
    void minusOneIsNoLimitTooWhereNullIsShown() {
        BatcherOptions limited = DEFAULTS.withBatchTimeout(Duration.ofSeconds(1))
                .withItemTimeout(Duration.ofSeconds(1))
                .withRateLimit(1, Duration.ofSeconds(1));
        assertThat(option("batchTimeout").changed(limited, "-1").batchTimeout()).isNull();
        assertThat(option("itemTimeout").changed(limited, "-1").itemTimeout()).isNull();
        assertThat(option("rateLimit").changed(limited, "-1").rateLimit()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "maxBatchSize, many, must be a whole number; but is 'many'",
                "maxBatchSize, 2.5, must be a whole number; but is '2.5'",
                "maxBatchSize, null, must be a whole number; but is null",
                "maxBatchSize, 99999999999, must be a whole number; but is '99999999999'",
                "maxQueueTime, soon, must be a time as in 5ms or PT0.005S; but is 'soon'",
                "overflow, drop, must be reject or block; but is 'drop'",
                "dispatch, null, must be fixed or natural or adaptive; but is null",
                "deduplicate, maybe, must be true or false; but is 'maybe'",
                "batchTimeout, later, must be a time as in 5ms or PT0.005S or -1 for no limit; but is 'later'",
                "itemTimeout, later, must be a time as in 5ms or PT0.005S or -1 for no limit; but is 'later'",
                "itemTimeout, 0s, must be longer than zero; but is PT0S",
                "rateLimit, 5, must be calls per time as in 100/1s or -1 for no limit; but is '5'",
                "rateLimit, a/1s, must be calls per time as in 100/1s or -1 for no limit; but is 'a/1s'",
                "maxAttempts, 0, must be at least 1; but is 0",
                "maxQueueTime, -1ms, must be zero or longer; but is PT-0.001S"
            })
    void aBadValueIsRefusedWithWhatItMustBe(String name, String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> option(name).changed(DEFAULTS, text))
                .satisfies(refusal -> assertThat(refusal.getMessage().replace(",", ""))
                        .isEqualTo(name + " of batcher 'batcher' " + message.replace(";", "")));
    }
}
