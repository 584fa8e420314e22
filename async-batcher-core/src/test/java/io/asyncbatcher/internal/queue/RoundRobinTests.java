package io.asyncbatcher.internal.queue;

import static io.asyncbatcher.internal.queue.PartitionQueue.Standing.DUE;
import static io.asyncbatcher.internal.queue.PartitionQueue.Standing.EMPTY;
import static io.asyncbatcher.internal.queue.PartitionQueue.Standing.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundRobinTests {

    private final RoundRobin<Integer, Integer> partitions = new RoundRobin<>();
    private final PartitionQueue<Integer, Integer> red = new PartitionQueue<>("red", 0);
    private final PartitionQueue<Integer, Integer> blue = new PartitionQueue<>("blue", 1);

    @Test
    void thoseThatAreDueTakeTurns() {
        partitions.stand(red, DUE);
        partitions.stand(blue, DUE);
        assertThat(partitions.first()).isSameAs(red);

        partitions.endTurn(red);
        partitions.stand(red, DUE);

        assertThat(partitions.first()).isSameAs(blue);
    }

    @Test
    void anEmptyOneIsNotHere() {
        partitions.stand(red, DUE);
        partitions.stand(red, EMPTY);
        partitions.stand(blue, WAITING);
        partitions.stand(blue, EMPTY);

        assertThat(partitions.first()).isNull();
        assertThat(partitions.waiting(5)).isEmpty();
        assertThat(partitions.size()).isZero();
    }

    @Test
    void oneThatIsDueKeepsItsTurn() {
        partitions.stand(red, DUE);
        partitions.stand(blue, DUE);
        partitions.stand(red, WAITING);
        partitions.stand(red, DUE);

        assertThat(partitions.first()).isSameAs(red);
        assertThat(partitions.waiting(5)).isEmpty();
    }

    @Test
    void oneThatHasWaitedIsDueOnly() {
        partitions.stand(red, WAITING);
        partitions.stand(blue, WAITING);
        partitions.stand(red, DUE);

        assertThat(partitions.first()).isSameAs(red);
        assertThat(partitions.waiting(5)).containsExactly(blue);
        assertThat(partitions.size()).isEqualTo(2);
    }

    @Test
    void thoseThatHaveWaitedLongestAreTheFirst() {
        partitions.stand(red, WAITING);
        partitions.stand(blue, WAITING);

        assertThat(partitions.waiting(1)).containsExactly(red);
        assertThat(partitions.waiting(5)).containsExactly(red, blue);
    }
}
