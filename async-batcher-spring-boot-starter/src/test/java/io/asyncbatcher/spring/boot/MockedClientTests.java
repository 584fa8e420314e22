package io.asyncbatcher.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.verify;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** What users replace in their own tests. */
class MockedClientTests {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BatcherAutoConfiguration.class)
    @Import({Texts.class, User.class})
    static class Application {}

    static class Texts {
        @Batched
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    record User(BatcherClient<Long, String> texts) {}

    @Nested
    @SpringJUnitConfig(Application.class)
    class AClient {

        @MockitoBean
        private BatcherClient<Long, String> texts;

        @Autowired
        private User user;

        @Test
        void canBeMocked() {
            given(texts.process(1L)).willReturn(CompletableFuture.completedFuture("mocked"));
            assertThat(user.texts().process(1L)).isCompletedWithValue("mocked");
        }
    }

    @Nested
    @SpringJUnitConfig(Application.class)
    @TestPropertySource(properties = "batcher.max-queue-time=0")
    class AnAnnotatedBean {

        @MockitoBean
        private Texts texts;

        @Autowired
        private User user;

        @Test
        void canBeMocked() {
            given(texts.texts(List.of(1L))).willReturn(List.of("mocked"));
            assertThat(user.texts().process(1L)).succeedsWithin(TestTimes.LONG).isEqualTo("mocked");
        }
    }

    @Nested
    @SpringJUnitConfig(Application.class)
    @TestPropertySource(properties = "batcher.max-queue-time=0")
    class ASpiedBean {

        @MockitoSpyBean
        private Texts texts;

        @Autowired
        private User user;

        @Test
        void isCalled() {
            assertThat(user.texts().process(1L)).succeedsWithin(TestTimes.LONG).isEqualTo("text 1");
            verify(texts).texts(List.of(1L));
        }
    }
}
