package io.asyncbatcher.simulator;

/** A partition's key: user code, too. */
final class Key {

    final int number;
    private final World world;
    private final Tracked owner;
    private final boolean throwing;

    Key(int number, World world, Tracked owner, boolean throwing) {
        this.number = number;
        this.world = world;
        this.owner = owner;
        this.throwing = throwing;
    }

    @Override
    public boolean equals(Object other) {
        world.userCode("equals of a key");
        if (throwing) {
            throw owner.blame("equals of its key");
        }
        return other instanceof Key key && key.number == number;
    }

    @Override
    public int hashCode() {
        world.userCode("hashCode of a key");
        if (throwing && owner.order % 2 == 0) {
            throw owner.blame("hashCode of its key");
        }
        return world.settings.has(Fault.KEYS_COLLIDE) ? 3 : number;
    }

    @Override
    public String toString() {
        world.broken("12: items never appear in text", "toString of a key was called");
        return "secret";
    }
}
