package io.asyncbatcher.spring.boot.settings;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;

/**
 * Brings the settings of living batchers up to date when Spring Cloud says that the environment has changed. That event is
 * known by name, because Spring Cloud may be missing.
 */
final class SettingsRefresh implements SmartApplicationListener, AopInfrastructureBean {

    static final String EVENT = "org.springframework.cloud.context.environment.EnvironmentChangeEvent";

    private static final Log log = LogFactory.getLog(SettingsRefresh.class);

    private final ObjectProvider<ConfiguredBatchers> batchers;

    /**
     * Begins to listen.
     *
     * @param batchers asked for no earlier than with the event: any event may bring this bean about
     */
    SettingsRefresh(ObjectProvider<ConfiguredBatchers> batchers) {
        this.batchers = batchers;
    }

    /** Before Spring Cloud's own listener, which binds properties beans anew and throws what that meets. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
        return eventType.getName().equals(EVENT);
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        for (LiveSettings settings : batchers.getObject().live()) {
            try {
                settings.refresh();
            } catch (BatcherConfigurationException e) {
                log.warn("Batcher '" + settings.name() + "' goes on with the settings that it has. " + e.getMessage());
            } catch (RuntimeException e) {
                log.warn("Batcher '" + settings.name() + "' goes on with the settings that it has.", e);
            }
        }
    }
}
