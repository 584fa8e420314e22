package io.asyncbatcher.simulator;

/** A result, which knows for which item of which call it was made. Two are the same only if they are one object. */
final class Answer {

    final Tracked of;
    final int call;

    Answer(Tracked of, int call) {
        this.of = of;
        this.call = call;
    }

    @Override
    public String toString() {
        return "answer of call " + call + " for item " + of.order;
    }
}
