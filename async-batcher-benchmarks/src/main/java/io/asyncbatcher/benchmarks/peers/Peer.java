package io.asyncbatcher.benchmarks.peers;

import io.asyncbatcher.DispatchMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Everything that is measured, by the name that arguments, results and tables use. */
public enum Peer {
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

    Peer(String label, Kind kind) {
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
    public static Peer of(String label) {
        return Arrays.stream(values())
                .filter(peer -> peer.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no peer '" + label + "'; there are "
                        + Arrays.stream(values()).map(Peer::label).collect(Collectors.joining(", "))));
    }

    /** Makes a new one, ready for items. */
    public <T, R> PeerAdapter<T, R> open(PeerSettings<T, R> settings) {
        return switch (this) {
            case FIXED -> new AsyncBatcherAdapter<>(settings, DispatchMode.FIXED, UnaryOperator.identity());
            case NATURAL -> new AsyncBatcherAdapter<>(settings, DispatchMode.NATURAL, UnaryOperator.identity());
            case ADAPTIVE -> new AsyncBatcherAdapter<>(settings, DispatchMode.ADAPTIVE, UnaryOperator.identity());
            case SAME_THREAD ->
                new AsyncBatcherAdapter<>(settings, DispatchMode.NATURAL, builder -> builder.executor(Runnable::run));
            case HAND_WRITTEN -> new HandWrittenBatcher<>(settings);
            case BUFFER_TRIGGER -> new BufferTriggerAdapter<>(settings);
            case REACTOR -> new ReactorAdapter<>(settings);
            case RXJAVA -> new RxJavaAdapter<>(settings);
            case GAX -> new GaxAdapter<>(settings);
            case DATALOADER -> new DataLoaderAdapter<>(settings);
            case HYSTRIX -> new HystrixAdapter<>(settings);
            case PEKKO -> new PekkoAdapter<>(settings);
            case NO_WAIT ->
                new HandWrittenBatcher<>(new PeerSettings<>(
                        settings.maxBatchSize(), Duration.ZERO, settings.concurrency(), settings.processor()));
            case JCTOOLS -> new JcToolsFloor<>(settings);
            case DIRECT -> new DirectFloor<>(settings);
            case HAND_OVER -> new HandOverFloor<>(settings);
        };
    }
}
