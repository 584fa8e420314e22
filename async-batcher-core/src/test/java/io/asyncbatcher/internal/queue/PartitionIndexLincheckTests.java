package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.Linearizability;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Partitions that are found or made, and forgotten, by racing threads, explored by Lincheck. All keys have one hash code. */
@Tag("long")
class PartitionIndexLincheckTests {

    public static class Racing {

        private record Key(int number) {
            @Override
            public int hashCode() {
                return 7;
            }
        }

        private final PartitionIndex<Integer, Integer> index = new PartitionIndex<>();
        private final Map<Integer, PartitionQueue<Integer, Integer>> kept = new ConcurrentHashMap<>();

        /** An item comes to stay: its key's partition is the one of all others that stay. */
        @Operation
        public boolean stay(int key) {
            PartitionQueue<Integer, Integer> joined = index.join(new Key(Math.abs(key % 3)));
            PartitionQueue<Integer, Integer> before = kept.putIfAbsent(Math.abs(key % 3), joined);
            return before == null || before == joined;
        }

        /** An item comes and goes: meanwhile its partition is known. */
        @Operation
        public boolean visit(int key) {
            PartitionQueue<Integer, Integer> joined = index.join(new Key(Math.abs(key % 3)));
            boolean known = !joined.isForgotten() && index.all().contains(joined);
            index.leave(joined, 1);
            return known;
        }
    }

    public static class AlwaysFound {

        public boolean stay(int key) {
            return true;
        }

        public boolean visit(int key) {
            return true;
        }
    }

    @Test
    void aKeyHasOnePartitionAsLongAsAnItemIsInIt() {
        Linearizability index = Linearizability.of(Racing.class, AlwaysFound.class);
        index
                // Two make the same one.
                .race(
                        List.of(index.call("stay", 0), index.call("stay", 0)),
                        List.of(index.call("stay", 0), index.call("visit", 0)))
                // The last leaves while another comes.
                .race(
                        List.of(index.call("visit", 0), index.call("stay", 0)),
                        List.of(index.call("visit", 0), index.call("stay", 0)))
                // A crowd is replaced by two at once.
                .race(
                        List.of(index.call("stay", 0), index.call("visit", 1)),
                        List.of(index.call("stay", 2), index.call("visit", 1), index.call("stay", 0)))
                .check();
    }
}
