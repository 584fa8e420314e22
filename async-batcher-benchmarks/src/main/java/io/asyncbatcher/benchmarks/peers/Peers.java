package io.asyncbatcher.benchmarks.peers;

import io.asyncbatcher.DispatchMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Everything that is measured, by the name that arguments, results and tables use. */
public enum Peers {
    FIXED("fixed", Kind.OURS),
    NATURAL("natural", Kind.OURS),
    ADAPTIVE("adaptive", Kind.OURS),
    /** NATURAL whose batches run on the caller's own thread. */
    SAME_THREAD("same-thread", Kind.OURS),
    HAND_WRITTEN("hand-written", Kind.BY_HAND),
    BUFFER_TRIGGER("buffer-trigger", Kind.LIBRARY),
    REACTOR("reactor", Kind.LIBRARY),
    RXJAVA("rxjava", Kind.LIBRARY),
    GAX("gax", Kind.LIBRARY),
    DATALOADER("dataloader", Kind.LIBRARY),
    HYSTRIX("hystrix", Kind.LIBRARY),
    PEKKO("pekko", Kind.LIBRARY),
    /** The hand-written one without linger. */
    NO_WAIT("no-wait", Kind.FLOOR),
    JCTOOLS("jctools", Kind.FLOOR),
    DIRECT("direct", Kind.FLOOR),
    HAND_OVER("hand-over", Kind.FLOOR);

    /** What it is compared as. */
    public enum Kind {
        OURS,
        BY_HAND,
        LIBRARY,
        FLOOR
    }

    private final String label;
    private final Kind kind;

    Peers(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    public String label() {
        return label;
    }

    public Kind kind() {
        return kind;
    }

    /** The one of that name. */
    public static Peers of(String label) {
        return Arrays.stream(values())
                .filter(peer -> peer.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no peer '" + label + "'; there are "
                        + Arrays.stream(values()).map(Peers::label).collect(Collectors.joining(", "))));
    }

    /** Makes a new one, ready for items. */
    public <T, R> Peer<T, R> open(Setup<T, R> setup) {
        return switch (this) {
            case FIXED -> new AsyncBatcherPeer<>(setup, DispatchMode.FIXED, UnaryOperator.identity());
            case NATURAL -> new AsyncBatcherPeer<>(setup, DispatchMode.NATURAL, UnaryOperator.identity());
            case ADAPTIVE -> new AsyncBatcherPeer<>(setup, DispatchMode.ADAPTIVE, UnaryOperator.identity());
            case SAME_THREAD ->
                new AsyncBatcherPeer<>(setup, DispatchMode.NATURAL, builder -> builder.executor(Runnable::run));
            case HAND_WRITTEN -> new HandWritten<>(setup);
            case BUFFER_TRIGGER -> new BufferTriggerPeer<>(setup);
            case REACTOR -> new ReactorPeer<>(setup);
            case RXJAVA -> new RxJavaPeer<>(setup);
            case GAX -> new GaxPeer<>(setup);
            case DATALOADER -> new DataLoaderPeer<>(setup);
            case HYSTRIX -> new HystrixPeer<>(setup);
            case PEKKO -> new PekkoPeer<>(setup);
            case NO_WAIT ->
                new HandWritten<>(new Setup<>(setup.maxBatchSize(), Duration.ZERO, setup.concurrency(), setup.batch()));
            case JCTOOLS -> new JcToolsFloor<>(setup);
            case DIRECT -> new DirectFloor<>(setup);
            case HAND_OVER -> new HandOver<>(setup);
        };
    }
}
