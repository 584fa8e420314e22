package io.asyncbatcher.sample;

/**
 * A system behind the sample can't be reached, or is overloaded: nothing that the request is to blame for. It is answered
 * with 503, by {@link Problems}.
 */
public final class SystemUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String system;
    private final boolean hadNoEffect;

    /**
     * Wraps the failure of a client library.
     *
     * @param system how the answer calls it: "Kafka", "The database"
     * @param hadNoEffect whether it is certain that the request changed nothing, and so can be sent again
     * @param cause for the log; the answer doesn't show it
     */
    public SystemUnavailableException(String system, boolean hadNoEffect, Throwable cause) {
        super(system + " is not available", cause);
        this.system = system;
        this.hadNoEffect = hadNoEffect;
    }

    String system() {
        return system;
    }

    boolean hadNoEffect() {
        return hadNoEffect;
    }
}
