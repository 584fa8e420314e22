package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncbatcher.internal.BrokenTime;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LateCellsTests {

    private final VirtualTime time = new VirtualTime();
    private final Now now = new Now(time);
    private final Chunk chunk = Chunk.first().orNewNext();
    private final Item<Integer, Integer> item = new Item<>(null, 1);
    private final LateCells late = new LateCells();

    private Late cells(int count) {
        Late cells = null;
        for (int i = count - 1; i >= 0; i--) {
            cells = new Late(chunk, chunk.base + i, cells);
        }
        return cells;
    }

    private void pass(Duration span) {
        time.advance(span);
        now.forget();
    }

    @Test
    void onlyACellWithoutItsItemIsKept() {
        late.add(cells(3), now);
        chunk.put(chunk.base, item);
        chunk.cells[1] = Chunk.HOLE;

        late.look();

        Late stored = late.stored();
        assertThat(stored).isNotNull();
        assertThat(stored.ticket).isEqualTo(chunk.base);
        assertThat(stored.item).isSameAs(item);
        late.removeStored();
        assertThat(late.stored()).isNull();
        assertThat(late.remove(chunk.base + 1)).isFalse();
        assertThat(late.remove(chunk.base + 2)).isTrue();
    }

    @Test
    void aCellIsAwaitedUntilItsItemIsSomewhereElse() {
        late.add(cells(2), now);
        chunk.put(chunk.base, item);
        chunk.put(chunk.base + 1, new Item<>(null, 2));
        pass(Duration.ofSeconds(5));
        late.look();

        late.removeStored();
        assertThat(late.areAwaited(now)).isTrue();
        assertThat(late.nextLookNanos(now)).isEqualTo(Duration.ofMillis(1).toNanos());
        late.look();
        late.removeStored();
        assertThat(late.areAwaited(now)).isFalse();
        assertThat(late.nextLookNanos(now)).isEqualTo(Nanos.FOREVER);
    }

    @Test
    void cellsAreKeptInMindThoughTheClockThrows() {
        Now broken = new Now(new BrokenTime());

        assertThatThrownBy(() -> late.add(cells(1), broken)).isInstanceOf(OutOfMemoryError.class);

        assertThat(late.remove(chunk.base)).isTrue();
    }

    @Test
    void aCellWhoseItemCannotBeStoredIsForgotten() {
        late.add(cells(4), now);
        chunk.put(chunk.base + 2, item);

        assertThat(late.remove(chunk.base + 9)).isFalse();
        assertThat(late.remove(chunk.base + 2)).isTrue();
        assertThat(chunk.get(chunk.base + 2)).isNull();
        assertThat(late.remove(chunk.base + 2)).isFalse();
        assertThat(late.remove(chunk.base + 3)).isTrue();
        assertThat(late.remove(chunk.base)).isTrue();
        assertThat(late.remove(chunk.base + 1)).isTrue();
        assertThat(late.areAwaited(now)).isFalse();
    }

    @Test
    void theyAreLookedAtEverLessOften() {
        assertThat(late.nextLookNanos(now)).isEqualTo(Nanos.FOREVER);
        pass(Duration.ofSeconds(7));
        late.add(cells(1), now);

        assertThat(late.nextLookNanos(now)).isEqualTo(Duration.ofMillis(1).toNanos());
        pass(Duration.ofMillis(5));
        assertThat(late.nextLookNanos(now)).isEqualTo(Duration.ofMillis(5).toNanos());
        pass(Duration.ofSeconds(2));
        assertThat(late.nextLookNanos(now)).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void theirThreadsAreAwaitedForASecond() {
        assertThat(late.areAwaited(now)).isFalse();
        pass(Duration.ofSeconds(7));
        late.add(cells(1), now);

        pass(Duration.ofSeconds(1).minusNanos(1));
        assertThat(late.areAwaited(now)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(late.areAwaited(now)).isFalse();
    }
}
