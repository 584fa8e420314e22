package io.asyncbatcher.internal.policy.simulation;

/** What a {@link Simulation} hands its items to: the real engine or the {@link ReferenceEngine}. */
@FunctionalInterface
interface Station {

    /** Queues an item; {@code done} runs when its batch has ended. */
    void submit(Runnable done);

    /** How to make one for a simulation. */
    @FunctionalInterface
    interface Factory {
        Station make(Simulation simulation);
    }
}
