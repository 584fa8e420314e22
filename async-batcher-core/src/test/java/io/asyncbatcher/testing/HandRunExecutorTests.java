package io.asyncbatcher.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class HandRunExecutorTests {

    private final HandRunExecutor executor = new HandRunExecutor();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunWhenTheTestSaysSoOldestFirst() {
        executor.execute(() -> ran.add("first"));
        executor.execute(() -> ran.add("second"));
        assertThat(executor.waiting()).isEqualTo(2);
        assertThat(ran).isEmpty();

        executor.runNext();

        assertThat(ran).containsExactly("first");
        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void whatATaskAddsIsRunToo() {
        executor.execute(() -> executor.execute(() -> ran.add("nested")));

        executor.runAll();

        assertThat(ran).containsExactly("nested");
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void withoutATaskThereIsNothingToRun() {
        executor.runAll();

        assertThatThrownBy(executor::runNext).isInstanceOf(NoSuchElementException.class);
    }
}
