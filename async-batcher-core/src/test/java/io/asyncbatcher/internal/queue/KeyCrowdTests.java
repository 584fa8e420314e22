package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The form of a crowd. What it finds is tested by {@link PartitionIndexTests}. */
class KeyCrowdTests {

    private static final int FEW = 8;

    private final List<PartitionQueue<Integer, Integer>> partitions = new ArrayList<>();
    private KeyCrowd<Integer, Integer> crowd = KeyCrowd.of(partition(0));

    private PartitionQueue<Integer, Integer> partition(int key) {
        PartitionQueue<Integer, Integer> partition = new PartitionQueue<>(key, 0);
        partitions.add(partition);
        return partition;
    }

    /** The keys come neither in their order nor against it. */
    private static int key(int index) {
        return index % 2 == 0 ? index : -index;
    }

    private void grow(int to) {
        while (partitions.size() < to) {
            crowd = crowd.with(partition(key(partitions.size())));
        }
    }

    private void forget(int index) {
        assertThat(partitions.get(index).leave(1)).isTrue();
        crowd = crowd.less();
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    /** Those that are in it, the forgotten ones included. */
    private int held() {
        List<PartitionQueue<Integer, Integer>> all = new ArrayList<>();
        crowd.addTo(all);
        return all.size();
    }

    private void assertItCountsWhatItHolds() throws ReflectiveOperationException {
        assertThat(field(crowd, "kept")).isEqualTo(held());
    }

    private static void assertNoneIsAboveAHigherPriority(Object node) throws ReflectiveOperationException {
        for (String side : List.of("left", "right")) {
            Object below = field(node, side);
            if (below != null) {
                assertThat((int) field(below, "priority")).isLessThanOrEqualTo((int) field(node, "priority"));
                assertNoneIsAboveAHigherPriority(below);
            }
        }
    }

    @Test
    void aFewAreChainedAndMoreAreOrdered() throws Exception {
        grow(FEW);
        assertThat(field(crowd, "tree")).isNull();

        grow(FEW + 1);
        assertThat(field(crowd, "tree")).isNotNull();
    }

    @Test
    void whatIsForgottenGoesWhenItIsMoreThanHalfOfAll() throws Exception {
        grow(6);
        List.of(0, 1, 2).forEach(this::forget);
        crowd = crowd.with(partition(6));
        assertThat(held()).isEqualTo(7);

        List.of(3, 4).forEach(this::forget);
        crowd = crowd.with(partition(7));
        assertThat(held()).isEqualTo(3);
        assertItCountsWhatItHolds();
    }

    @Test
    void whateverComesAndGoesItCountsWhatItHoldsAndItsTreeStaysATreap() throws Exception {
        Random random = new Random(1);
        grow(100);
        List<Integer> live = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            live.add(i);
        }
        for (int round = 0; round < 300; round++) {
            if (random.nextBoolean() && live.size() > 5) {
                forget(live.remove(random.nextInt(live.size())));
            } else {
                live.add(partitions.size());
                grow(partitions.size() + 1);
            }
            assertItCountsWhatItHolds();
            assertNoneIsAboveAHigherPriority(field(crowd, "tree"));
        }
    }

    @Test
    void aPartitionTakesThePlaceOfAForgottenOneThatIsEqualByTheOrder() throws Exception {
        grow(20);
        forget(15);

        crowd = crowd.with(partition(key(15)));

        assertThat(held()).isEqualTo(20);
        assertItCountsWhatItHolds();
        assertThat(crowd.find(key(15))).isSameAs(partitions.get(20));
    }

    /** A key of another class, which has no place in the order. */
    private record Foreign(int number) {

        @Override
        @SuppressWarnings("EqualsBrokenForNull")
        public boolean equals(Object other) {
            return other instanceof Integer key && key == number;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @Test
    void aKeyOfAnotherClassIsFoundWhereverItStands() {
        grow(40);

        for (int index = 0; index < 40; index++) {
            assertThat(crowd.find(new Foreign(key(index)))).isSameAs(partitions.get(index));
        }
        assertThat(crowd.find(new Foreign(40))).isNull();
    }
}
