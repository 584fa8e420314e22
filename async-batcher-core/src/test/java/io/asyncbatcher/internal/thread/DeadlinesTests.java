package io.asyncbatcher.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DeadlinesTests {

    private final Deadlines deadlines = new Deadlines();

    @Test
    void thoseWhoseMomentHasComeAreDueEarliestFirst() {
        Moment second = add(2);
        Moment first = add(1);
        Moment third = add(3);

        assertThat(due(2)).containsExactly(first, second);
        assertThat(deadlines.next()).isSameAs(third);
    }

    @Test
    void theOrderHoldsWhereTheClockOverflows() {
        Moment after = add(Long.MIN_VALUE + 5);
        Moment before = add(Long.MAX_VALUE - 5);

        assertThat(deadlines.next()).isSameAs(before);
        assertThat(due(Long.MIN_VALUE + 6)).containsExactly(before, after);
    }

    @Test
    void whatIsOverIsNeitherNextNorDue() {
        Moment first = add(1);
        add(2);
        first.over = true;

        assertThat(deadlines.next()).isNotSameAs(first);
        assertThat(due(10)).doesNotContain(first).hasSize(1);
    }

    @Test
    void oneWhoseExpiryFailsExpiresWithTheNextAttemptAndOnce() {
        Moment first = add(1);
        Moment second = add(2);
        first.errors = 1;
        assertThatThrownBy(() -> due(2)).isInstanceOf(OutOfMemoryError.class);
        assertThat(deadlines.next()).isSameAs(first);

        assertThat(due(2)).containsExactly(first, second);
        assertThat(deadlines.next()).isNull();
    }

    @Test
    void oneWhoseExpiryFailedAndThatIsOverMeanwhileIsNeitherNextNorDue() {
        Moment first = add(1);
        Moment second = add(2);
        first.errors = 1;
        assertThatThrownBy(() -> due(1)).isInstanceOf(OutOfMemoryError.class);
        first.over = true;

        assertThat(deadlines.next()).isSameAs(second);
        assertThat(due(2)).containsExactly(second);
    }

    @Test
    void whatIsAddedWhileOneExpiresIsKept() {
        Moment earlier = new Moment(0);
        AtomicBoolean over = new AtomicBoolean();
        deadlines.add(1, over::get, () -> {
            over.set(true);
            deadlines.add(earlier);
        });

        assertThat(due(1)).containsExactly(earlier);
    }

    @Test
    void thoseThatWaitAreAskedAFewTimesEach() {
        for (int i = 0; i < 10_000; i++) {
            add(i);
        }

        assertThat(asked).isLessThan(50_000);
    }

    @Tag("volume")
    @Test
    void aMillionThatAreOverDontPileUpBehindOneThatStays() {
        add(0);
        Random random = new Random(1);
        int most = 0;
        List<Moment> waiting = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            waiting.add(add(1 + random.nextInt(1_000_000)));
            if (waiting.size() == 10) {
                waiting.forEach(moment -> moment.over = true);
                waiting.clear();
            }
            most = Math.max(most, deadlines.kept());
        }

        assertThat(most).isLessThan(200);
    }

    private final List<Moment> expired = new ArrayList<>();
    private int asked;

    private Moment add(long nanoTime) {
        Moment moment = new Moment(nanoTime);
        deadlines.add(moment);
        return moment;
    }

    private final class Moment implements Deadlines.Deadline {

        private final long nanoTime;
        private boolean over;
        private int errors;

        Moment(long nanoTime) {
            this.nanoTime = nanoTime;
        }

        @Override
        public long deadlineNanos() {
            return nanoTime;
        }

        @Override
        public boolean isOver() {
            asked++;
            return over;
        }

        @Override
        public void expire() {
            if (errors > 0) {
                errors--;
                throw new OutOfMemoryError("thrown by a test");
            }
            expired.add(this);
        }
    }

    private List<Moment> due(long now) {
        expired.clear();
        deadlines.expireDue(now);
        return expired;
    }
}
