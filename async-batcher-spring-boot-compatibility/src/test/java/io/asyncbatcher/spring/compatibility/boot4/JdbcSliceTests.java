package io.asyncbatcher.spring.compatibility.boot4;

import io.asyncbatcher.spring.compatibility.JdbcSliceContract;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.test.context.ContextConfiguration;

@JdbcTest
@ContextConfiguration(classes = JdbcSliceContract.Application.class)
class JdbcSliceTests extends JdbcSliceContract {}
