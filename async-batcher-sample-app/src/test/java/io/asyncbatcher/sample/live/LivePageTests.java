package io.asyncbatcher.sample.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The page in a real browser. Its pictures are in target/live-page. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LivePageTests {

    private static final Path PICTURES = Path.of("target/live-page");
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Browser browser;

    @Autowired
    @Qualifier("readings")
    private AsyncBatcher<?, ?> readings;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void aBrowserIsInstalled(@TempDir Path profile) {
        assumeThat(Browser.isInstalled())
                .as("Without Chromium the live page is not tested. On Debian: apt-get install chromium chromium-driver")
                .isTrue();
        browser = Browser.start(profile);
    }

    @AfterAll
    static void closeTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() {
        browser.size(1280, 900);
        browser.scheme("light");
        browser.forgetComplaints();
        browser.open("http://localhost:" + port);
        await().atMost(SOON).until(() -> browser.text("#connection").equals("Connected"));
        await().atMost(SOON).until(() -> browser.find("#start").isEnabled());
        await().atMost(SOON)
                .until(() -> browser.text("#batchers tr[data-batcher=readings]").startsWith("readings running"));
    }

    @AfterEach
    void stop() {
        if (browser.text("#start").equals("Stop")) {
            browser.find("#start").click();
            await().atMost(SOON).until(() -> browser.text("#start").equals("Start"));
        }
        readings.resume();
        readings.reconfigure(options -> options.withMaxBatchSize(50)
                .withMaxQueueTime(Duration.ofMillis(50))
                .withConcurrency(1)
                .withDispatch(DispatchMode.FIXED));
    }

    @Test
    void aRunMovesTheFiguresAndEveryChart() throws IOException {
        List<String> empty = charts();
        assertThat(empty).hasSize(5);

        start();

        await().atMost(SOON).until(() -> browser.number("#lane-batched [data-figure=perSecond]") > 0);
        await().atMost(SOON).until(() -> browser.number("#lane-unbatched [data-figure=perSecond]") > 0);
        await().atMost(SOON).until(() -> browser.text("#comparison").startsWith("Batching makes "));
        await().atMost(SOON).untilAsserted(() -> assertThat(charts()).doesNotContainAnyElementsOf(empty));
        List<String> then = charts();
        await().atMost(SOON).untilAsserted(() -> assertThat(charts()).doesNotContainAnyElementsOf(then));

        browser.find("#start").click();
        await().atMost(SOON).until(() -> browser.text("#load-message").endsWith("ended: it was stopped."));
        assertThat(browser.text("#results-of")).startsWith("over the whole of run ");
        assertThat(browser.number("#lane-batched [data-figure=count]")).isPositive();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theKeyboardRetunesTheRunningBatcher() {
        start();
        await().atMost(SOON).until(() -> legend("largest") == 50);

        browser.press("#max-batch-size input", Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);

        await().atMost(SOON).until(() -> browser.text("#tuning-message").equals("Set: maxBatchSize 5."));
        assertThat(readings.options().maxBatchSize()).isEqualTo(5);
        await().atMost(SOON).until(() -> legend("largest") == 5 && legend("limit") == 5);

        browser.press("#max-queue-time input", Keys.HOME);
        await().atMost(SOON).until(() -> readings.options().maxQueueTime().isZero());
        browser.press("#concurrency input", Keys.ARROW_RIGHT);
        await().atMost(SOON).until(() -> readings.options().concurrency() == 2);
        browser.press("#dispatch", Keys.ARROW_DOWN);
        await().atMost(SOON).until(() -> readings.options().dispatch() == DispatchMode.NATURAL);
        browser.press("#dispatch", Keys.ARROW_DOWN);
        await().atMost(SOON).until(() -> readings.options().dispatch() == DispatchMode.ADAPTIVE);
        await().atMost(SOON)
                .until(() -> browser.text("#batchers tr[data-batcher=readings]").endsWith("adaptive"));

        browser.press("#reset", Keys.ENTER);
        await().atMost(SOON)
                .until(() -> readings.options()
                        .equals(BatcherOptions.defaults()
                                .withName("readings")
                                .withMaxBatchSize(50)
                                .withMaxQueueTime(Duration.ofMillis(50))
                                .withItemTimeout(Duration.ofSeconds(10))));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void eachWorkloadComesWithItsBatcher() {
        browser.find("#workload option[value=predictions]").click();

        assertThat(browser.find("#batcher").getDomProperty("value")).isEqualTo("sklearn");
        assertThat(browser.text("#limit")).contains("calls of the model run at once");
        start();
        await().atMost(SOON).until(() -> browser.text("#run").contains("Predictions"));
        await().atMost(SOON).until(() -> browser.number("#lane-batched [data-figure=perSecond]") > 0);
        await().atMost(SOON).until(() -> browser.number("#lane-unbatched [data-figure=perSecond]") > 0);
        await().atMost(SOON).until(() -> legend("largest") > 1);
    }

    @Test
    void whatARateAsksTooMuchOfIsSeenToFail() {
        browser.find("#arrivals option[value=bursts]").click();
        browser.press("#rate input", Keys.END);
        readings.reconfigure(options -> options.withMaxQueueSize(10));

        start();

        await().atMost(SOON).until(() -> browser.number("#lane-batched [data-figure=failed]") > 0);
        assertThat(browser.text("#lane-batched .failures")).contains(" × QueueFullException");
        readings.reconfigure(options -> options.withMaxQueueSize(10_000));
    }

    @Test
    void aPauseIsSeenAndEnded() {
        start();

        browser.find("#pause").click();
        await().atMost(SOON)
                .until(() -> browser.text("#batchers tr[data-batcher=readings]").startsWith("readings paused"));
        await().atMost(SOON).until(() -> legend("queued") > 0);

        await().atMost(SOON).until(() -> browser.text("#pause").equals("Resume"));
        assertThat(browser.find("#flush").isEnabled()).isFalse();
        browser.find("#pause").click();
        await().atMost(SOON).until(() -> browser.find("#flush").isEnabled());
        await().atMost(SOON)
                .until(() -> browser.text("#batchers tr[data-batcher=readings]").startsWith("readings running"));
    }

    @Test
    void whatSomebodyElseSetsIsSeen() {
        readings.reconfigure(options -> options.withMaxBatchSize(32).withDispatch(DispatchMode.ADAPTIVE));

        await().atMost(SOON).until(() -> browser.text("#max-batch-size output").equals("32"));
        await().atMost(SOON)
                .until(() -> "adaptive".equals(browser.find("#dispatch").getDomProperty("value")));
    }

    @Test
    void underNaturalDispatchTheLingerCannotBeSet() {
        assertThat(browser.find("#max-queue-time input").isEnabled()).isTrue();
        assertThat(browser.text("#dispatch-hint")).contains("lingers up to the max queue time");

        browser.find("#dispatch option[value=natural]").click();

        assertThat(browser.find("#max-queue-time input").isEnabled()).isFalse();
        assertThat(browser.text("#dispatch-hint")).contains("Max queue time has no effect");
        await().atMost(SOON).until(() -> readings.options().dispatch() == DispatchMode.NATURAL);
        await().atMost(SOON)
                .until(() -> browser.text("#batchers tr[data-batcher=readings]").endsWith("natural"));
        assertThat(browser.find("#max-queue-time input").isEnabled()).isFalse();

        readings.reconfigure(options -> options.withDispatch(DispatchMode.FIXED));
        await().atMost(SOON).until(() -> browser.find("#max-queue-time input").isEnabled());
    }

    @Test
    void aRunKeepsItsLoadWhichIsToldInTheSingularToo() {
        browser.press("#callers input", Keys.HOME);

        start();

        await().atMost(SOON).until(() -> browser.text("#run").contains(", 1 caller; "));
        assertThat(browser.find("#callers input").isEnabled()).isFalse();
        assertThat(browser.find("#workload").isEnabled()).isFalse();
        browser.find("#start").click();
        await().atMost(SOON).until(() -> browser.find("#callers input").isEnabled());
    }

    @Test
    void onAPhoneEachChartIsSeenTogetherWithTheSliders() {
        browser.size(390, 800);
        assertThat(browser.find("#max-batch-size input").isDisplayed()).isFalse();

        browser.find("#retune summary").click();

        assertThat(browser.find("#max-batch-size input").isDisplayed()).isTrue();
        for (int chart = 0; chart < 5; chart++) {
            assertThat((Boolean) browser.run("""
                            const chart = document.querySelectorAll("#charts figure")[arguments[0]];
                            chart.scrollIntoView({ block: "start", behavior: "instant" });
                            const sliders = document.querySelector(".tuning").getBoundingClientRect();
                            return chart.getBoundingClientRect().bottom <= sliders.top && sliders.bottom <= innerHeight;
                            """, chart)).as("chart " + chart).isTrue();
        }
    }

    @Test
    void aRejectionIsToldInItsOwnWords() {
        // Somebody else's run begins in the moment before the button is pressed.
        browser.run("""
                const fetched = window.fetch;
                window.fetch = async (path, request) => {
                  window.fetch = fetched;
                  await fetched(path, request);
                  return fetched(path, request);
                };
                """);

        browser.find("#start").click();

        await().atMost(SOON)
                .until(() -> browser.text("#load-message").matches("Run \\d+ is running\\. Stop it first.*"));
        await().atMost(SOON).until(() -> browser.text("#start").equals("Stop"));
    }

    @ParameterizedTest
    @CsvSource({"1280, light", "1280, dark", "390, light", "390, dark"})
    void itFitsTheScreenAndItsColours(int width, String scheme) throws IOException {
        browser.size(width, 900);
        browser.scheme(scheme);
        start();
        await().atMost(SOON).until(() -> legend("largest") > 0);

        assertThat((Long) browser.run("return document.documentElement.scrollWidth - window.innerWidth"))
                .isNotPositive();
        assertThat((Boolean) browser.run(
                        "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(c => c < 128)"))
                .isEqualTo(scheme.equals("dark"));
        if (width < 600) {
            browser.find("#retune summary").click();
        }
        browser.picture(PICTURES.resolve(width + "-" + scheme + ".png"));
        if (width < 600) {
            browser.find("#retune summary").click();
        }
    }

    @Test
    void everyControlHasANameAndTheKeyboardReachesIt() {
        List<WebElement> controls = browser.all("select, input, button, progress, [role=img]");
        assertThat(controls)
                .hasSizeGreaterThan(15)
                .filteredOn(WebElement::isDisplayed)
                .allSatisfy(control -> assertThat(control.getAccessibleName())
                        .as(control.getDomProperty("outerHTML"))
                        .isNotBlank());

        Set<String> reached = new HashSet<>();
        browser.run("document.querySelector('.skip').focus()");
        for (int i = 0; i < 40; i++) {
            reached.add(browser.tab().getDomProperty("id"));
        }
        assertThat(reached).contains("workload", "arrivals", "start", "batcher", "dispatch", "pause", "flush", "reset");
    }

    @Test
    void nothingComesFromElsewhere() {
        assertThat((List<?>) browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)"))
                .hasSizeGreaterThan(8)
                .allSatisfy(url -> assertThat((String) url).startsWith("http://localhost:" + port + "/"));
    }

    private void start() {
        browser.find("#start").click();
        await().atMost(SOON).until(() -> browser.text("#start").equals("Stop"));
    }

    /** Every chart as a picture. */
    private static List<String> charts() {
        List<String> pictures = new ArrayList<>();
        for (WebElement chart : browser.all("#charts canvas")) {
            pictures.add((String) browser.run("return arguments[0].toDataURL()", chart));
        }
        return pictures;
    }

    /** The value beside a name of a chart's legend. */
    private static double legend(String name) {
        return ((Number) browser.run("""
                const items = [...document.querySelectorAll(".legend li")];
                const text = items.find(item => item.textContent.startsWith(arguments[0] + " ")).querySelector("b").textContent;
                return parseFloat(text.replace(",", "")) || 0;
                """, name)).doubleValue();
    }
}
