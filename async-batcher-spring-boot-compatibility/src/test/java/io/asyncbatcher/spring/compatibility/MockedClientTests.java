package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;

import io.asyncbatcher.BatcherClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** What users replace in tests of their whole application. */
class MockedClientTests {

    @Nested
    @SpringBootTest(classes = CompatibilityTests.Application.class, webEnvironment = WebEnvironment.NONE)
    class AClient {

        @MockitoBean("textsBatcherClient")
        private BatcherClient<Long, String> texts;

        @Autowired
        private CompatibilityTests.Controller controller;

        @Test
        void canBeMocked() {
            given(texts.process(1L)).willReturn(CompletableFuture.completedFuture("mocked"));

            assertThat(controller.text(1L)).isCompletedWithValue("mocked");
        }
    }

    @Nested
    @SpringBootTest(
            classes = CompatibilityTests.Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = "batcher.max-queue-time=0")
    class AnAnnotatedBean {

        @MockitoSpyBean
        private CompatibilityTests.Texts texts;

        @Autowired
        private CompatibilityTests.Controller controller;

        @Test
        void canBeSpiedOn() {
            assertThat(controller.text(1L))
                    .succeedsWithin(RunningApplication.LONG)
                    .isEqualTo("text 1");

            then(texts).should().load(List.of(1L));
        }
    }
}
