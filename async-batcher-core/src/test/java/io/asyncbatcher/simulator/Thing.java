package io.asyncbatcher.simulator;

/** An item. Its functions are user code: they run what the world has for them, and its text must never be asked for. */
final class Thing {

    final Tracked tracked;
    private final World world;
    private final boolean throwing;

    Thing(Tracked tracked, World world, boolean throwing) {
        this.tracked = tracked;
        this.world = world;
        this.throwing = throwing;
    }

    @Override
    public boolean equals(Object other) {
        world.userCode("equals of an item");
        if (throwing) {
            throw tracked.blame("equals");
        }
        return other instanceof Thing thing && thing.tracked.kind == tracked.kind;
    }

    @Override
    public int hashCode() {
        world.userCode("hashCode of an item");
        if (throwing && tracked.kind % 2 == 0) {
            throw tracked.blame("hashCode");
        }
        return world.settings.has(Fault.ITEMS_COLLIDE) ? 7 : tracked.kind;
    }

    @Override
    public String toString() {
        world.broken("12: items never appear in text", "toString of an item was called");
        return "secret";
    }
}
