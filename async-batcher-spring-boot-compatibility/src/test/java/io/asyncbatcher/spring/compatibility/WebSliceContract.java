package io.asyncbatcher.spring.compatibility;

import static org.mockito.BDDMockito.given;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;

import io.asyncbatcher.BatcherClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

/** A web slice: a controller whose client is a mock. The annotation that makes it one is in a package of the line's. */
public abstract class WebSliceContract {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(CompatibilityTests.Controller.class)
    public static class Application {}

    @MockitoBean
    private BatcherClient<Long, String> texts;

    @Autowired
    private MockMvc mvc;

    @Test
    void theControllerAnswersWithWhatTheMockGives() throws Exception {
        given(texts.process(7L)).willReturn(CompletableFuture.completedFuture("mocked"));

        mvc.perform(asyncDispatch(mvc.perform(get("/texts?id=7")).andReturn()))
                .andExpect(content().string("mocked"));
    }
}
