package io.asyncbatcher.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DistinctTests {

    /** Of few hash codes, which share a place in a small table and part in a greater one. */
    private record Crowded(int number, AtomicLong comparisonsLeft) implements Comparable<Crowded> {

        @Override
        public int compareTo(Crowded other) {
            if (comparisonsLeft.decrementAndGet() == 0) {
                throw new StackOverflowError("thrown by a test");
            }
            return Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Crowded crowded && crowded.number == number;
        }

        @Override
        public int hashCode() {
            return number % 2 == 0 ? number / 2 % 8 : 40 + ((number % 4 / 2) << 6);
        }
    }

    @Tag("volume")
    @Test
    void anErrorInAComparisonOfEqualItemsMergesNoDifferentOnes() {
        for (int comparisons = 1; comparisons < 3_000; comparisons++) {
            AtomicLong left = new AtomicLong(comparisons);
            List<Crowded> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                all.add(new Crowded(i * 37 % 200, left));
            }

            Distinct<Crowded> distinct = new Distinct<>(all);

            for (int i = 0; i < all.size(); i++) {
                if (distinct.position(i) == Distinct.NOWHERE) {
                    assertThat(distinct.failure(i)).isInstanceOf(StackOverflowError.class);
                } else {
                    assertThat(distinct.values().get(distinct.position(i))).isEqualTo(all.get(i));
                }
            }
        }
    }
}
