package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.util.List;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** Fails the start where the application wants batchers of others, or offers its own, without the module that does that. */
final class MissingArtifactCheck implements BeanFactoryPostProcessor {

    static final String ARTIFACT = "io.asyncbatcher:async-batcher-grpc";

    private final Environment environment;

    MissingArtifactCheck(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        List<String> names = RemoteProperties.names(environment);
        if (!names.isEmpty()) {
            throw missing("'batcher.instances." + names.get(0) + ".remote.target' is set");
        }
        for (String property : List.of("batcher.server.port", "batcher.server.expose", "batcher.server.expose[0]")) {
            if (environment.containsProperty(property)) {
                throw missing("'" + property + "' is set");
            }
        }
        String[] declared = beanFactory.getBeanNamesForType(RemoteBatcher.class, true, false);
        if (declared.length > 0) {
            throw missing("the bean '" + declared[0] + "' is a RemoteBatcher");
        }
    }

    private static BatcherConfigurationException missing(String wanted) {
        return new BatcherConfigurationException(
                "Batchers reach other applications over gRPC, and " + wanted + ", but " + ARTIFACT
                        + " is not on the class path.",
                "Add the dependency " + ARTIFACT + ", or remove what needs it.");
    }
}
