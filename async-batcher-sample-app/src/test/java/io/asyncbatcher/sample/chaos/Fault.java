package io.asyncbatcher.sample.chaos;

/** What happens under load. */
enum Fault {
    POSTGRES_KILLED("PostgreSQL killed and restarted"),
    APPLICATION_KILLED("application killed (SIGKILL)"),
    APPLICATION_STOPPED("application stopped (SIGTERM)");

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
