package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The plain Java of the README and of the engine's page, word for word; that it is the same is a test of the starter's, with all documentation. */
class ReadmeTests {

    private record Price(String sku, long cents) {}

    private interface Repository {
        List<Price> findAllById(List<String> skus);
    }

    @Test
    void thePlainExampleRuns() {
        Repository repository =
                skus -> skus.stream().sorted().map(sku -> new Price(sku, 995)).toList();
        AsyncBatcher<String, Price> prices = AsyncBatcher.<String, Price>builder(
                        BatchProcessor.matching(skus -> repository.findAllById(skus), Price::sku))
                .name("prices")
                .maxBatchSize(100)
                .maxQueueTime(Duration.ofMillis(10))
                .itemTimeout(Duration.ofSeconds(2)) // none by default: callers wait as long as it takes
                .build();

        CompletableFuture<Price> price = prices.process("A1");

        prices.close(); // waits until everything accepted is settled

        assertThat(price).isCompletedWithValue(new Price("A1", 995));
    }

    private interface Model {
        void generate(List<String> prompts, BiConsumer<Integer, String> whenDone);
    }

    @Test
    void theExampleOfResultsAsTheyComeRuns() {
        Model model = (prompts, whenDone) -> {
            for (int i = prompts.size() - 1; i >= 0; i--) {
                whenDone.accept(i, prompts.get(i) + "!");
            }
        };
        AsyncBatcher<String, String> answers = AsyncBatcher.<String, String>builder(BatchProcessor.streaming(
                        (prompts, results) -> model.generate(prompts, (i, answer) -> results.success(i, answer))))
                .name("answers")
                .build();

        CompletableFuture<String> answer = answers.process("Hello");
        answers.close();

        assertThat(answer).isCompletedWithValue("Hello!");
    }

    private record Input(String customer, int tokens) {}

    private record Vector(int length) {}

    private interface Api {
        Map<Input, Outcome<Vector>> embed(List<Input> inputs);
    }

    @Test
    void theExampleWithManyOptionsRuns() {
        Api api = inputs -> inputs.stream()
                .collect(Collectors.toMap(input -> input, input -> Outcome.success(new Vector(input.tokens()))));
        AsyncBatcher<Input, Vector> embeddings = AsyncBatcher.builder(BatchProcessor.keyedOutcomes(api::embed))
                .name("embeddings")
                .maxBatchSize(100)
                .maxBatchWeight(8_000, Input::tokens)
                .partitionBy(Input::customer)
                .deduplicate()
                .rateLimit(60, Duration.ofMinutes(1))
                .batchTimeout(Duration.ofSeconds(30))
                .itemTimeout(Duration.ofSeconds(60))
                .dispatch(DispatchMode.ADAPTIVE)
                .build();

        CompletableFuture<Vector> vector = embeddings.process(new Input("ada", 7));
        embeddings.close();

        assertThat(vector).isCompletedWithValue(new Vector(7));
    }

    @Test
    void theExampleWithPrioritiesRuns() {
        record Prompt(boolean isInteractive) {}
        interface PromptApi {
            List<Vector> embed(List<Prompt> prompts);
        }
        PromptApi api = prompts -> prompts.stream().map(prompt -> new Vector(1)).toList();
        AsyncBatcher<Prompt, Vector> embeddings = AsyncBatcher.builder(api::embed)
                .prioritizeBy(prompt -> prompt.isInteractive() ? 5 : 0)
                .priorityAgeing(Duration.ofMillis(500))
                .build();

        CompletableFuture<Vector> vector = embeddings.process(new Prompt(true));
        embeddings.close();

        assertThat(vector).isCompletedWithValue(new Vector(1));
    }

    @Test
    void theExampleThatShedsLoadRuns() {
        interface InputApi {
            List<Vector> embed(List<Input> inputs);
        }
        InputApi api = inputs -> inputs.stream().map(input -> new Vector(1)).toList();
        AsyncBatcher<Input, Vector> embeddings = AsyncBatcher.builder(api::embed)
                .itemTimeout(Duration.ofSeconds(2))
                .shedLoad(true)
                .build();

        CompletableFuture<Vector> vector = embeddings.process(new Input("ada", 7));
        embeddings.close();

        assertThat(vector).isCompletedWithValue(new Vector(1));
    }
}
