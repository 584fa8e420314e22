package io.asyncbatcher.internal.thread;

/** Whose work a thread does: an engine, told apart by identity. */
public interface WorkOwner {

    /** Runs work that may block on another thread; on this one where no other is to be had. */
    void offload(Runnable work);
}
