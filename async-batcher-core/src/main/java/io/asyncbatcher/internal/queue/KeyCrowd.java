package io.asyncbatcher.internal.queue;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of several keys with one hash code. It doesn't change: another one takes its place as a whole or, where a key's
 * methods throw, not at all.
 *
 * <p>Keys may be made by whoever sends items, so many of one hash code must stay cheap. As in {@link java.util.HashMap},
 * more than a few are ordered by their {@code compareTo}, if they are of one class that has it. They form a treap (Aragon
 * and Seidel's search tree with random priorities), which stays shallow in whatever order keys come. All others are
 * chained: a few cost nothing, many cost a comparison each.
 *
 * <p>To forget a partition is only counted here, because it happens under the engine's lock, where no key may be compared. What
 * is forgotten goes when it is more than half of all and another partition comes.
 */
final class KeyCrowd<T, R extends @Nullable Object> implements Bucket<T, R> {

    private static final int FEW = 8;

    private final @Nullable Link<T, R> chain;
    private final @Nullable Node<T, R> tree;
    private final int kept;

    /** Partitions that have not been counted as forgotten: each is, once, whether or not it is still here. */
    private final int live;

    private KeyCrowd(@Nullable Link<T, R> chain, @Nullable Node<T, R> tree, int kept, int live) {
        this.chain = chain;
        this.tree = tree;
        this.kept = kept;
        this.live = live;
    }

    /** A partition that has been alone until now. */
    static <T, R extends @Nullable Object> KeyCrowd<T, R> of(PartitionQueue<T, R> partition) {
        return new KeyCrowd<>(new Link<>(partition, null), null, 1, 1);
    }

    /** The partition of a key, or null. */
    @Nullable
    PartitionQueue<T, R> find(Object key) {
        for (Link<T, R> link = chain; link != null; link = link.next) {
            if (link.partition.isOf(key)) {
                return link.partition;
            }
        }
        if (tree == null) {
            return null;
        }
        Node<T, R> node = tree.orders(key) ? tree.find(key) : tree.search(key);
        return node != null && node.partition.isOf(key) ? node.partition : null;
    }

    /** The same with one more partition, of a key that has none. */
    KeyCrowd<T, R> with(PartitionQueue<T, R> partition) {
        return kept > 2 * live ? withoutForgotten().add(partition) : add(partition);
    }

    private KeyCrowd<T, R> add(PartitionQueue<T, R> partition) {
        Object key = partition.key;
        if (kept < FEW || !(key instanceof Comparable<?>) || (tree != null && !tree.orders(key))) {
            return chained(partition);
        }
        Node<T, R> before = tree == null ? null : tree.find(key);
        if (before != null && !before.partition.isForgotten()) {
            return chained(partition); // compareTo says that they are equal, equals that they aren't
        }
        Node<T, R> with = Node.with(tree, partition, ThreadLocalRandom.current().nextInt());
        return new KeyCrowd<>(chain, with, before == null ? kept + 1 : kept, live + 1);
    }

    private KeyCrowd<T, R> chained(PartitionQueue<T, R> partition) {
        return new KeyCrowd<>(new Link<>(partition, chain), tree, kept + 1, live + 1);
    }

    /** The same with one more partition counted as forgotten; null if all are. */
    @Nullable
    KeyCrowd<T, R> less() {
        return live == 1 ? null : new KeyCrowd<>(chain, tree, kept, live - 1);
    }

    @Override
    public void addTo(List<PartitionQueue<T, R>> partitions) {
        for (Link<T, R> link = chain; link != null; link = link.next) {
            partitions.add(link.partition);
        }
        if (tree != null) {
            tree.addTo(partitions);
        }
    }

    private KeyCrowd<T, R> withoutForgotten() {
        Link<T, R> links = null;
        int left = 0;
        for (Link<T, R> link = chain; link != null; link = link.next) {
            if (!link.partition.isForgotten()) {
                links = new Link<>(link.partition, links);
                left++;
            }
        }
        Node<T, R> nodes = Node.withoutForgotten(tree);
        return new KeyCrowd<>(links, nodes, left + Node.count(nodes), live);
    }

    private static final class Link<T, R extends @Nullable Object> {

        final PartitionQueue<T, R> partition;
        final @Nullable Link<T, R> next;

        Link(PartitionQueue<T, R> partition, @Nullable Link<T, R> next) {
            this.partition = partition;
            this.next = next;
        }
    }

    /** Of a higher priority than the nodes below it. */
    private static final class Node<T, R extends @Nullable Object> {

        final PartitionQueue<T, R> partition;
        final int priority;
        final @Nullable Node<T, R> left;
        final @Nullable Node<T, R> right;

        Node(PartitionQueue<T, R> partition, int priority, @Nullable Node<T, R> left, @Nullable Node<T, R> right) {
            this.partition = partition;
            this.priority = priority;
            this.left = left;
            this.right = right;
        }

        /** Whether a key is of the class whose order this tree has. */
        boolean orders(Object key) {
            return partition.key != null && partition.key.getClass() == key.getClass();
        }

        @Nullable
        Node<T, R> find(Object key) {
            Node<T, R> node = this;
            while (node != null) {
                int order = compare(key, node.partition);
                if (order == 0) {
                    break;
                }
                node = order < 0 ? node.left : node.right;
            }
            return node;
        }

        void addTo(List<PartitionQueue<T, R>> partitions) {
            partitions.add(partition);
            if (left != null) {
                left.addTo(partitions);
            }
            if (right != null) {
                right.addTo(partitions);
            }
        }

        /** Finds a key of another class: it has no place in the order, so all are asked. */
        @Nullable
        Node<T, R> search(Object key) {
            if (partition.isOf(key)) {
                return this;
            }
            Node<T, R> found = left == null ? null : left.search(key);
            return found != null || right == null ? found : right.search(key);
        }

        /** Puts a partition in by the order of its key, in the place of one that is equal by it. */
        static <T, R extends @Nullable Object> Node<T, R> with(
                @Nullable Node<T, R> node, PartitionQueue<T, R> partition, int priority) {
            if (node == null) {
                return new Node<>(partition, priority, null, null);
            }
            int order = partition.key == null ? 0 : compare(partition.key, node.partition);
            if (order == 0) {
                return new Node<>(partition, node.priority, node.left, node.right);
            }
            if (order < 0) {
                Node<T, R> below = with(node.left, partition, priority);
                return below.priority > node.priority
                        ? below.above(below.left, node.above(below.right, node.right))
                        : node.above(below, node.right);
            }
            Node<T, R> below = with(node.right, partition, priority);
            return below.priority > node.priority
                    ? below.above(node.above(node.left, below.left), below.right)
                    : node.above(node.left, below);
        }

        private Node<T, R> above(@Nullable Node<T, R> left, @Nullable Node<T, R> right) {
            return left == this.left && right == this.right ? this : new Node<>(partition, priority, left, right);
        }

        static <T, R extends @Nullable Object> @Nullable Node<T, R> withoutForgotten(@Nullable Node<T, R> node) {
            if (node == null) {
                return null;
            }
            Node<T, R> left = withoutForgotten(node.left);
            Node<T, R> right = withoutForgotten(node.right);
            return node.partition.isForgotten() ? merge(left, right) : node.above(left, right);
        }

        private static <T, R extends @Nullable Object> @Nullable Node<T, R> merge(
                @Nullable Node<T, R> left, @Nullable Node<T, R> right) {
            if (left == null || right == null) {
                return left == null ? right : left;
            }
            return left.priority > right.priority
                    ? left.above(left.left, merge(left.right, right))
                    : right.above(merge(left, right.left), right.right);
        }

        static int count(@Nullable Node<?, ?> node) {
            return node == null ? 0 : 1 + count(node.left) + count(node.right);
        }

        @SuppressWarnings("unchecked") // of one class; what it throws nevertheless fails the item that has this key
        private static int compare(Object key, PartitionQueue<?, ?> partition) {
            return partition.key == null ? 0 : ((Comparable<Object>) key).compareTo(partition.key);
        }
    }
}
