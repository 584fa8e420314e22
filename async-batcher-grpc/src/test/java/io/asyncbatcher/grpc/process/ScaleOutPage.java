package io.asyncbatcher.grpc.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Writes tables between the markers of docs/benchmarks/scale-out.md, if {@code -Dprocess.page=true} asks for it. */
final class ScaleOutPage {

    private static final Path PAGE = Path.of("../docs/benchmarks/scale-out.md");

    private ScaleOutPage() {}

    static void write(String table, List<String> lines) throws IOException {
        if (!Boolean.getBoolean("process.page")) {
            return;
        }
        String page = Files.readString(PAGE);
        String marker = "<!-- scale-out: " + table + " -->\n";
        assertThat(page).contains(marker);
        int begin = page.indexOf(marker) + marker.length();
        int end = page.indexOf("<!-- end -->", begin);
        Files.writeString(
                PAGE, page.substring(0, begin) + origin() + String.join("\n", lines) + "\n" + page.substring(end));
    }

    private static String origin() {
        return "Measured " + LocalDate.now(ZoneOffset.UTC) + " on JDK " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " cores.\n\n";
    }
}
