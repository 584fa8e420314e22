package io.asyncbatcher.spring.compatibility.boot3;

import io.asyncbatcher.spring.compatibility.WebSliceContract;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.test.context.ContextConfiguration;

@WebMvcTest
@ContextConfiguration(classes = WebSliceContract.Application.class)
class WebSliceTests extends WebSliceContract {}
