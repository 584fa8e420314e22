package io.asyncbatcher.simulator;

/** What user code throws in a run: an exception or an error. Without a stack, to be quick. */
final class Planted {

    private Planted() {}

    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message, null, false, false);
        }
    }

    static final class Fatal extends Error {
        private static final long serialVersionUID = 1L;

        Fatal(String message) {
            super(message, null, false, false);
        }
    }
}
