package io.asyncbatcher.spring.boot.beans;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherListener;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** A listener that stands for a bean. */
class ListenerBeanTests {

    @Test
    void nothingThatAListenerCanHearIsKeptFromTheBean() {
        assertThat(BatcherListener.class.getMethods()).isNotEmpty().allSatisfy(event -> {
            Method passedOn = ListenerBean.class.getMethod(event.getName(), event.getParameterTypes());
            assertThat(passedOn.getDeclaringClass()).isEqualTo(ListenerBean.class);
        });
    }
}
