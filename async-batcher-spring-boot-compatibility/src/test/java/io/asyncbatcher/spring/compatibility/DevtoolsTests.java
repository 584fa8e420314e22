package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A restart by the developer tools, in a JVM of its own, because they do nothing where JUnit is. */
class DevtoolsTests {

    @Test
    void aRestartLeavesNothingBehindAndTheNextContextWorks() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        // What is only softly reachable is as good as gone.
                        "-XX:SoftRefLRUPolicyMSPerMB=0",
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("devtools.jar"),
                        RestartedApplication.class.getName(),
                        "--spring.main.web-application-type=none",
                        "--batcher.max-queue-time=0")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains(RestartedApplication.ANSWER + "text 1").contains(RestartedApplication.LEFT + "[]");
    }
}
