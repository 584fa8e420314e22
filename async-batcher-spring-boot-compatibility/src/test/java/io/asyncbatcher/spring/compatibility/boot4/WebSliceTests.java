package io.asyncbatcher.spring.compatibility.boot4;

import io.asyncbatcher.spring.compatibility.WebSliceContract;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.ContextConfiguration;

@WebMvcTest
@ContextConfiguration(classes = WebSliceContract.Application.class)
class WebSliceTests extends WebSliceContract {}
