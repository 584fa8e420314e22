package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatcher;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Looks, after many runs, whether a stopped batcher still holds an item, or has left a thread behind. */
final class Remains {

    private static final int MOST = 250;

    private record Kept(long seed, AsyncBatcher<?, ?> batcher, List<WeakReference<Thing>> things) {}

    private final List<Kept> kept = new ArrayList<>();

    /** A run is over, and its batcher is stopped. */
    void add(long seed, World world) {
        if (kept.size() == MOST || world.leavesCallsBehind()) {
            return;
        }
        List<WeakReference<Thing>> things = new ArrayList<>();
        for (Tracked item : world.oracle.items) {
            things.add(new WeakReference<>(item.thing));
        }
        world.forget();
        kept.add(new Kept(seed, world.batcher, things));
    }

    /** What is left; null = nothing. */
    String look() {
        List<Kept> looked = List.copyOf(kept);
        for (int i = 0; i < 20 && looked.stream().anyMatch(Remains::holds); i++) {
            System.gc();
        }
        kept.clear();
        for (Kept each : looked) {
            if (holds(each)) {
                return "seed " + each.seed + ": 11: after a stop no item is reachable: batcher " + each.batcher.name()
                        + " still holds one";
            }
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("simulated")) {
                return "11: no thread is left: " + thread + " runs though every executor is given";
            }
        }
        return null;
    }

    private static boolean holds(Kept each) {
        return each.things.stream().anyMatch(thing -> thing.get() != null);
    }
}
