package io.asyncbatcher.benchmarks.experiment;

import io.asyncbatcher.sample.SampleApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;

/** The sample, and beside its uses the stand-in. Prints the port that it serves. */
final class ExperimentApplication {

    static final String PORT = "PORT ";

    private ExperimentApplication() {}

    public static void main(String[] arguments) {
        Class<?>[] sources = {SampleApplication.class, StandInModel.class, StandInController.class};
        ApplicationContext context = SpringApplication.run(sources, arguments);
        System.out.println(PORT + context.getEnvironment().getRequiredProperty("local.server.port"));
    }
}
