package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.peers.Peer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be measured, in the order of a run. */
public enum Scenario {
    /** A million items, each with its own result: before anything is measured. */
    CHECK("check", without(Peer.SAME_THREAD, Peer.HAND_OVER)),
    PIPELINE_1("pipeline-1", without(Peer.SAME_THREAD, Peer.HAND_OVER)),
    PIPELINE_2("pipeline-2", without(Peer.SAME_THREAD, Peer.HAND_OVER)),
    PIPELINE_8("pipeline-8", without(Peer.SAME_THREAD, Peer.HAND_OVER)),
    /** 64 platform threads that wait for each item, linger 1 ms. */
    BLOCKING("blocking-64", without(Peer.SAME_THREAD, Peer.HAND_OVER, Peer.DIRECT)),
    /** 1,000 virtual threads that wait for each item, linger 1 ms. */
    VIRTUAL("virtual-1000", without(Peer.SAME_THREAD, Peer.HAND_OVER, Peer.DIRECT)),
    /** One thread that waits for each item, linger 1 ms. */
    LONE_LINGER("lone-1ms", without(Peer.DIRECT)),
    /** The same without linger: those that can do without. */
    LONE(
            "lone-0",
            labels(EnumSet.of(
                    Peer.FIXED,
                    Peer.NATURAL,
                    Peer.ADAPTIVE,
                    Peer.SAME_THREAD,
                    Peer.NO_WAIT,
                    Peer.JCTOOLS,
                    Peer.HAND_OVER))),
    /** 256 callers of a service of 1 ms + 10 µs an item, four calls at once. */
    SERVICE("service", without(Peer.SAME_THREAD, Peer.HAND_OVER, Peer.DIRECT)),
    /** 12 callers in a loop, up to 0.5 ms between their calls, of a service of 10 ms + 0.1 ms an item; linger 10 ms. */
    CLOSED_LOOP("closed-12", labels(EnumSet.of(Peer.FIXED, Peer.NATURAL, Peer.ADAPTIVE))),
    /** Bursts and lone items, each wait measured. */
    AUDIT("audit", without(Peer.SAME_THREAD, Peer.HAND_OVER, Peer.DIRECT)),
    /** 1, 100 and 10,000 batchers that linger at once, and how late their batches begin. */
    TIMERS("timers", labels(EnumSet.of(Peer.FIXED, Peer.HAND_WRITTEN, Peer.BUFFER_TRIGGER, Peer.REACTOR))),
    /** The pipeline with 2 producers and the starter's meters; here a peer is what is metered. */
    METERS(
            "meters",
            List.of(
                    "bare",
                    "listener",
                    "denied",
                    "all",
                    "batcher.batch.size",
                    "batcher.batch.duration",
                    "batcher.item.latency",
                    "batcher.queue.time",
                    "batcher.dispatches")),
    /** 10,000 batchers with nothing to do. */
    IDLE("idle", List.of("fixed")),
    /** A million queued items, then a forced stop. */
    QUEUED("queued", List.of("fixed")),
    /** What the scale model is made of: the costs of single operations, and the pipeline with so many producers. */
    SCALE("scale", List.of("operations", "1", "2", "4", "8", "16")),
    /** Where the time of the pipeline with 2 producers goes: shares of samples by method. */
    PROFILE("profile", List.of("fixed", "hand-written", "jctools", "direct")),
    /** Starts of an application; not a part of a full run, but one of its own. */
    START("start", List.of("without", "with", "injected"));

    /** What a timer on a busy machine may be late. */
    public static final long TIMER_SLACK_NANOS = 1_000_000;

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // Only immutable lists get here.
    private final List<String> subjects;

    Scenario(String label, List<String> subjects) {
        this.label = label;
        this.subjects = subjects;
    }

    public String label() {
        return label;
    }

    /** Labels of what takes part. */
    public List<String> subjects() {
        return subjects;
    }

    /** Whether this JDK can measure it. */
    public boolean available() {
        return this != VIRTUAL || Callers.virtualThreadsExist();
    }

    /** Producers of a scenario that JMH measures, or 0. */
    public int producers() {
        return switch (this) {
            case PIPELINE_1 -> 1;
            case PIPELINE_2, METERS, PROFILE -> 2;
            case PIPELINE_8 -> 8;
            case CHECK,
                    BLOCKING,
                    VIRTUAL,
                    LONE_LINGER,
                    LONE,
                    SERVICE,
                    CLOSED_LOOP,
                    AUDIT,
                    TIMERS,
                    IDLE,
                    QUEUED,
                    SCALE,
                    START -> 0;
        };
    }

    /** After how many rounds it has been measured enough. */
    public int rounds() {
        return switch (this) {
            case CHECK, PROFILE -> 1;
            case AUDIT, TIMERS, METERS, IDLE, QUEUED -> 3;
            case PIPELINE_1,
                    PIPELINE_2,
                    PIPELINE_8,
                    BLOCKING,
                    VIRTUAL,
                    LONE_LINGER,
                    LONE,
                    SERVICE,
                    CLOSED_LOOP,
                    SCALE,
                    START -> Integer.MAX_VALUE;
        };
    }

    public static Scenario of(String label) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario '" + label + "'; there are "
                        + Arrays.stream(values()).map(Scenario::label).collect(Collectors.joining(", "))));
    }

    private static List<String> without(Peer... left) {
        Set<Peer> peers = EnumSet.allOf(Peer.class);
        Arrays.asList(left).forEach(peers::remove);
        return labels(peers);
    }

    private static List<String> labels(Set<Peer> peers) {
        return peers.stream().map(Peer::label).toList();
    }
}
