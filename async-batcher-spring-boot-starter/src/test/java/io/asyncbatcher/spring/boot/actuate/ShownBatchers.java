package io.asyncbatcher.spring.boot.actuate;

import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;

/** What the endpoint of a context shows, for the tests of other packages. */
public final class ShownBatchers {

    private ShownBatchers() {}

    /** A part of what it shows of a batcher. */
    public record Shown(String name, int queued, Map<String, String> origins) {}

    /** The names of all batchers. */
    public static Set<String> names(BeanFactory beans) {
        return beans.getBean(BatchersEndpoint.class).batchers().batchers().keySet();
    }

    /** Whether there is a batcher of this name. */
    public static boolean isShown(BeanFactory beans, String name) {
        return beans.getBean(BatchersEndpoint.class).batcher(name) instanceof BatcherDescriptor;
    }

    /** One batcher; fails if there is none of this name. */
    public static Shown of(BeanFactory beans, String name) {
        if (beans.getBean(BatchersEndpoint.class).batcher(name) instanceof BatcherDescriptor shown) {
            return new Shown(shown.name(), shown.queued(), shown.origins());
        }
        throw new AssertionError("The endpoint knows no batcher '" + name + "'");
    }
}
