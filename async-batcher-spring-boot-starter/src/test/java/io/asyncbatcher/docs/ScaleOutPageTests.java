package io.asyncbatcher.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.spring.boot.InstanceSettings;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;

/** docs/scale-out.md names all properties, and tests that are there. */
class ScaleOutPageTests {

    private static final Path PAGE = Path.of("../docs/scale-out.md");
    private static final Path TESTS = Path.of("../async-batcher-grpc/src/test/java/io/asyncbatcher/grpc");
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Tests)\\.(\\w+)`");

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        List<String[]> named = NAMED_TEST
                .matcher(Files.readString(PAGE))
                .results()
                .map(test -> new String[] {test.group(1), test.group(2)})
                .toList();

        assertThat(named).hasSizeGreaterThan(15);
        for (String[] test : named) {
            assertThat(Files.readString(TESTS.resolve(test[0] + ".java"))).contains("    void " + test[1] + "(");
        }
    }

    @Test
    void everyPropertyIsThere() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(properties(InstanceSettings.Remote.class))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("| `remote." + name + "` |"));
        assertThat(properties(BatcherProperties.Server.class))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("| `batcher.server." + name + "` |"));
    }

    private static List<String> properties(Class<?> group) {
        return Arrays.stream(BeanUtils.getPropertyDescriptors(group))
                .filter(property -> property.getWriteMethod() != null)
                .map(property ->
                        property.getName().replaceAll("(\\p{Upper})", "-$1").toLowerCase(Locale.ROOT))
                .toList();
    }
}
