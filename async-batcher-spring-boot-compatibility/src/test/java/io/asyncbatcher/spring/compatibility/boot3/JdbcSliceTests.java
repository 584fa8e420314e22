package io.asyncbatcher.spring.compatibility.boot3;

import io.asyncbatcher.spring.compatibility.JdbcSliceContract;
import org.springframework.boot.test.autoconfigure.jdbc.JdbcTest;
import org.springframework.test.context.ContextConfiguration;

@JdbcTest
@ContextConfiguration(classes = JdbcSliceContract.Application.class)
class JdbcSliceTests extends JdbcSliceContract {}
