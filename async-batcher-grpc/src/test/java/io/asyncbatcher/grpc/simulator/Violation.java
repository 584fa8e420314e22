package io.asyncbatcher.grpc.simulator;

/** A promise that was not kept. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final String rule;

    Violation(String rule, Object detail) {
        super(rule + ": " + detail);
        this.rule = rule;
    }

    static void unless(boolean kept, String rule, Object detail) {
        if (!kept) {
            throw new Violation(rule, detail);
        }
    }
}
