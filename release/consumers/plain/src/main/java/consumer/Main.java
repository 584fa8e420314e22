package consumer;

import io.asyncbatcher.AsyncBatcher;
import java.time.Duration;
import java.util.List;

public final class Main {

    private Main() {}

    public static void main(String[] args) {
        try (AsyncBatcher<String, Integer> lengths = AsyncBatcher.<String, Integer>builder(
                        batch -> batch.stream().map(String::length).toList())
                .name("lengths")
                .maxQueueTime(Duration.ofMillis(5))
                .build()) {
            List<Integer> results = lengths.processAll(List.of("a", "bb", "ccc")).join();
            if (!results.equals(List.of(1, 2, 3))) {
                throw new AssertionError("Wrong results: " + results);
            }
        }
        String where = Main.class.getModule().isNamed() ? "module path" : "class path";
        System.out.println("Consumer passes: plain Java on the " + where);
    }
}
