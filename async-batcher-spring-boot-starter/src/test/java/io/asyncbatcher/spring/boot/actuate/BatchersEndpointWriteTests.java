package io.asyncbatcher.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RateLimit;
import io.asyncbatcher.spring.boot.TestTimes;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.json.JsonContent;

/** Changing batchers through the endpoint, over real HTTP. */
@ExtendWith(OutputCaptureExtension.class)
class BatchersEndpointWriteTests {

    private static final String TEXTS = "/actuator/batchers/texts";

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void optionsAreRetuned(WebApplicationType type) {
        try (EndpointApplication application = EndpointApplication.run(type, EndpointApplication.UNRESTRICTED)) {
            BatcherOptions before = application.texts().options();

            HttpResponse<String> response =
                    application.post(TEXTS, "{\"maxBatchSize\": 200, \"maxQueueTime\": \"5ms\"}");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(application.texts().options())
                    .isEqualTo(before.withMaxBatchSize(200).withMaxQueueTime(Duration.ofMillis(5)));
            JsonContent json = new JsonContent(response.body());
            assertThat(json).extractingPath("$.options.maxBatchSize").isEqualTo(200);
            assertThat(json).extractingPath("$.options.maxQueueTime").isEqualTo("PT0.005S");
            assertThat(json).extractingPath("$.origins.maxBatchSize").asString().matches("endpoint at 20\\d\\d-.*Z");
        }
    }

    @Test
    void everyPlainOptionCanBeRetuned() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            HttpResponse<String> response = application.post(TEXTS, """
                    {
                      "maxBatchSize": -1, "maxQueueTime": "1s", "concurrency": 3, "maxQueueSize": 7, "overflow": "block",
                      "maxBlockTime": "PT3S", "maxBatchWeight": -1, "deduplicate": true, "batchTimeout": "4s",
                      "itemTimeout": "6s", "shedLoad": true, "priorityAgeing": "2s", "maxAttempts": 5, "retryDelay": "50ms", "maxRetryDelay": "5s",
                      "rateLimit": "60/1m", "dispatch": "natural"
                    }
                    """);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(application.texts().options())
                    .isEqualTo(BatcherOptions.defaults()
                            .withName("texts")
                            .withMaxBatchSize(-1)
                            .withMaxQueueTime(Duration.ofSeconds(1))
                            .withConcurrency(3)
                            .withMaxQueueSize(7)
                            .withOverflow(OverflowPolicy.BLOCK)
                            .withMaxBlockTime(Duration.ofSeconds(3))
                            .withDeduplicate(true)
                            .withBatchTimeout(Duration.ofSeconds(4))
                            .withItemTimeout(Duration.ofSeconds(6))
                            .withShedLoad(true)
                            .withPriorityAgeing(Duration.ofSeconds(2))
                            .withMaxAttempts(5)
                            .withRetryDelay(Duration.ofMillis(50))
                            .withMaxRetryDelay(Duration.ofSeconds(5))
                            .withRateLimit(60, Duration.ofMinutes(1))
                            .withDispatch(DispatchMode.NATURAL));
        }
    }

    @Test
    void nullTakesALimitAway() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            application
                    .texts()
                    .reconfigure(options -> options.withBatchTimeout(Duration.ofSeconds(1))
                            .withItemTimeout(Duration.ofSeconds(1))
                            .withRateLimit(1, Duration.ofSeconds(1)));

            assertThat(application
                            .post(TEXTS, "{\"batchTimeout\": null, \"itemTimeout\": null, \"rateLimit\": null}")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(application.texts().options().batchTimeout()).isNull();
            assertThat(application.texts().options().itemTimeout()).isNull();
            assertThat(application.texts().options().rateLimit()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aBadValueChangesNothingAndIsToldWhy(WebApplicationType type) {
        try (EndpointApplication application = EndpointApplication.run(type, EndpointApplication.UNRESTRICTED)) {
            BatcherOptions before = application.texts().options();

            HttpResponse<String> response = application.post(TEXTS, "{\"concurrency\": 4, \"maxBatchSize\": 0}");

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(error(response))
                    .isEqualTo("maxBatchSize of batcher 'texts' must be at least 1, or -1 for no limit, but is 0");
            assertThat(application.texts().options()).isEqualTo(before);
        }
    }

    @Test
    void anUnknownOptionChangesNothingAndTheKnownOnesAreNamed() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            BatcherOptions before = application.texts().options();

            HttpResponse<String> response = application.post(TEXTS, "{\"maxBatchSize\": 5, \"maxBatchSise\": 6}");

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(error(response))
                    .startsWith(
                            "'maxBatchSise' is no option that can be changed; these are: maxBatchSize, maxQueueTime");
            assertThat(application.texts().options()).isEqualTo(before);
        }
    }

    @Test
    void aNameIsNoOption() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            assertThat(application.post(TEXTS, "{\"name\": \"declared\"}").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aBatcherInTheBodyOverrulesThePathAsTheGuideWarns() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            assertThat(new JsonContent(application
                            .post(TEXTS, "{\"batcher\": \"declared\", \"maxBatchSize\": 5}")
                            .body()))
                    .extractingPath("$.name")
                    .isEqualTo("declared");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", ""})
    void somethingMustBeChanged(String body) {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            HttpResponse<String> response = application.post(TEXTS, body);

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(error(response)).startsWith("Name at least one option: maxBatchSize, ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void whatIsNoObjectOfPlainValuesIsRefusedAndToldWhy(WebApplicationType type) {
        try (EndpointApplication application = EndpointApplication.run(type, EndpointApplication.UNRESTRICTED)) {
            for (String body : List.of(
                    "[1]", "{\"maxBatchSize\": {\"a\": 1}}", "{\"maxBatchSize\": [1]}", "{\"maxBatchSize\": ")) {
                HttpResponse<String> response = application.post(TEXTS, body);

                assertThat(response.statusCode()).as(body).isEqualTo(400);
                assertThat(error(response))
                        .startsWith("The body can't be read; it must be a JSON object of numbers, texts");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void anUnknownNameIsNotFound(WebApplicationType type) {
        try (EndpointApplication application = EndpointApplication.run(type, EndpointApplication.UNRESTRICTED)) {
            HttpResponse<String> retune = application.post("/actuator/batchers/nothing", "{\"maxBatchSize\": 5}");
            HttpResponse<String> flush = application.post("/actuator/batchers/nothing/flush");

            assertThat(retune.statusCode()).isEqualTo(404);
            assertThat(error(retune)).isEqualTo("There is no batcher 'nothing'; there are: declared, texts");
            assertThat(flush.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anUnknownOperationIsNotFoundAndTheKnownOnesAreNamed() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            HttpResponse<String> response = application.post(TEXTS + "/stop");

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(error(response)).isEqualTo("There is no operation 'stop'; there are: flush, pause, resume");
            assertThat(application.texts().isRunning()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aBatcherIsFlushedPausedAndResumed(WebApplicationType type) {
        try (EndpointApplication application = EndpointApplication.run(type, EndpointApplication.UNRESTRICTED)) {
            CompletableFuture<String> lingering = application.texts().process(1L);
            assertThat(application.post(TEXTS + "/flush").statusCode()).isEqualTo(200);
            assertThat(lingering).succeedsWithin(TestTimes.LONG);

            HttpResponse<String> paused = application.post(TEXTS + "/pause");
            assertThat(new JsonContent(paused.body()))
                    .extractingPath("$.paused")
                    .isEqualTo(true);
            assertThat(application.texts().snapshot().paused()).isTrue();

            assertThat(application.post(TEXTS + "/resume").statusCode()).isEqualTo(200);
            assertThat(application.texts().snapshot().paused()).isFalse();
        }
    }

    @Test
    void aBatcherThatTheApplicationDeclaresIsRetunedToo() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            assertThat(application
                            .post("/actuator/batchers/declared", "{\"dispatch\": \"adaptive\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(application
                            .context()
                            .getBean("declared", AsyncBatcher.class)
                            .options()
                            .dispatch())
                    .isEqualTo(DispatchMode.ADAPTIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--management.endpoint.batchers.access=read-only"})
    void nothingIsWrittenUnlessTheOperatorLetsIt(String arg) {
        try (EndpointApplication application = EndpointApplication.run(arg)) {
            BatcherOptions before = application.texts().options();

            assertThat(application.post(TEXTS, "{\"maxBatchSize\": 1}").statusCode())
                    .isEqualTo(405);
            assertThat(application.post(TEXTS + "/pause").statusCode()).isIn(404, 405);

            assertThat(application.texts().options()).isEqualTo(before);
            assertThat(application.texts().snapshot().paused()).isFalse();
            assertThat(application.get(TEXTS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutAccessThereIsNoEndpoint() {
        try (EndpointApplication application = EndpointApplication.run("--management.endpoint.batchers.access=none")) {
            assertThat(application.get(TEXTS).statusCode()).isEqualTo(404);
            assertThat(application.post(TEXTS + "/flush").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theLimitOfAllEndpointsHoldsForThisOne() {
        try (EndpointApplication application = EndpointApplication.run(
                EndpointApplication.UNRESTRICTED, "--management.endpoints.access.max-permitted=read-only")) {
            assertThat(application.post(TEXTS, "{\"maxBatchSize\": 1}").statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void whatWasChangedIsLogged(CapturedOutput output) {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            application.post(TEXTS, "{\"maxBatchSize\": 5}");
            application.post(TEXTS, "{\"maxBatchSize\": 0, \"concurrency\": 4}");
            application.post(TEXTS + "/pause");

            assertThat(output)
                    .contains(
                            "By the endpoint, batcher 'texts': retune of maxBatchSize from 2 to 5",
                            "By the endpoint, batcher 'texts': pause")
                    .doesNotContain("concurrency from");
        }
    }

    @Test
    void nothingOfARequestThatIsRefusedIsLogged(CapturedOutput output) {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            String forged = "1\\r\\nforged line";

            assertThat(application
                            .post(TEXTS, "{\"maxBatchSize\": \"" + forged + "\"}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(application.post(TEXTS, "{\"" + forged + "\": 1}").statusCode())
                    .isEqualTo(400);
            assertThat(application
                            .post(TEXTS, "{\"batcher\": \"" + forged + "\", \"maxBatchSize\": 1}")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(application
                            .post("/actuator/batchers/x%0d%0aforged%20line/pause")
                            .statusCode())
                    .isIn(400, 404);

            assertThat(output).doesNotContain("forged");
        }
    }

    @Test
    void aRetuneHoldsForTheNextBatch() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            CompletableFuture<String> lingering = application.texts().process(1L);

            application.post(TEXTS, "{\"maxBatchSize\": 1}");

            assertThat(lingering).succeedsWithin(TestTimes.LONG);
        }
    }

    @Test
    void itWorksOverJmx() throws Exception {
        try (EndpointApplication application = EndpointApplication.run(
                EndpointApplication.UNRESTRICTED,
                "--spring.jmx.enabled=true",
                "--management.endpoints.jmx.exposure.include=batchers")) {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Batchers");
            assertThat(server.getMBeanInfo(name).getOperations())
                    .extracting(MBeanOperationInfo::getName)
                    .containsExactlyInAnyOrder("batchers", "batcher", "retune", "reset", "operate");

            server.invoke(name, "retune", new Object[] {"texts", Map.of("maxBatchSize", 200)}, new String[] {
                String.class.getName(), Map.class.getName()
            });
            server.invoke(name, "operate", new Object[] {"texts", "pause"}, new String[] {
                String.class.getName(), String.class.getName()
            });

            assertThat(application.texts().options().maxBatchSize()).isEqualTo(200);
            Awaitility.await()
                    .atMost(TestTimes.LONG)
                    .until(() -> application.texts().snapshot().paused());
        }
    }

    @Test
    void aLimitOfWeightWithoutAWeigherTellsOfPropertyAndAnnotation() {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            HttpResponse<String> ofMethod = application.post(TEXTS, "{\"maxBatchWeight\": 5}");
            assertThat(ofMethod.statusCode()).isEqualTo(400);
            assertThat(error(ofMethod))
                    .isEqualTo("maxBatchWeight of batcher 'texts' takes a weigher, and it has none; name a bean of type"
                            + " ToLongFunction by 'batcher.instances.texts.weigher' or @Batched(weigher = \"…\"), and start"
                            + " again");

            HttpResponse<String> ofCode = application.post("/actuator/batchers/declared", "{\"maxBatchWeight\": 5}");
            assertThat(ofCode.statusCode()).isEqualTo(400);
            assertThat(error(ofCode)).endsWith("; build it with maxBatchWeight(limit, weigher)");
        }
    }

    @Test
    void aNumberWithoutAUnitIsATimeInMillisecondsAsInProperties() {
        try (EndpointApplication application =
                EndpointApplication.run(EndpointApplication.UNRESTRICTED, "--batcher.max-block-time=10")) {
            application.post(TEXTS, "{\"maxQueueTime\": 10, \"rateLimit\": \"5/10\"}");

            BatcherOptions options = application.texts().options();
            assertThat(options.maxBlockTime()).isEqualTo(Duration.ofMillis(10));
            assertThat(options.maxQueueTime()).isEqualTo(Duration.ofMillis(10));
            assertThat(options.rateLimit()).isEqualTo(new RateLimit(5, Duration.ofMillis(10)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void deletePutsTheConfiguredValuesBack(WebApplicationType type) {
        try (EndpointApplication application =
                EndpointApplication.run(type, EndpointApplication.UNRESTRICTED, "--batcher.concurrency=3")) {
            BatcherOptions configured = application.texts().options();
            application.post(TEXTS, "{\"maxBatchSize\": 200, \"concurrency\": 5}");
            application.texts().reconfigure(options -> options.withMaxAttempts(9));

            HttpResponse<String> response = application.delete(TEXTS);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(application.texts().options()).isEqualTo(configured);
            JsonContent json = new JsonContent(response.body());
            assertThat(json).extractingPath("$.options.maxBatchSize").isEqualTo(2);
            assertThat(json).extractingPath("$.origins.maxBatchSize").asString().startsWith("@Batched(maxBatchSize)");
            assertThat(json).extractingPath("$.origins.maxAttempts").isEqualTo("default");
            assertThat(application.delete("/actuator/batchers/nothing").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void deletePutsBackWhatTheBuilderSetOfABatcherThatTheApplicationDeclares(CapturedOutput output) {
        try (EndpointApplication application = EndpointApplication.run(EndpointApplication.UNRESTRICTED)) {
            AsyncBatcher<?, ?> declared = application.context().getBean("declared", AsyncBatcher.class);
            declared.reconfigure(options -> options.withMaxAttempts(9));
            application.post("/actuator/batchers/declared", "{\"concurrency\": 5}");
            application.post("/actuator/batchers/declared", "{\"concurrency\": 6}");

            application.delete("/actuator/batchers/declared");

            assertThat(declared.options().concurrency()).isEqualTo(1);
            assertThat(declared.options().maxAttempts()).isEqualTo(3);
            assertThat(output)
                    .contains(
                            "batcher 'declared': retune of concurrency from 5 to 6",
                            "reset of concurrency from 6 to 1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void accessToAllEndpointsOpensItToPagesOfOtherSitesAsTheGuideWarns(WebApplicationType type) {
        try (EndpointApplication application =
                EndpointApplication.run(type, "--management.endpoints.access.default=unrestricted")) {
            assertThat(application.postFromElsewhere(TEXTS + "/pause", null).statusCode())
                    .isEqualTo(200);
            assertThat(application.texts().snapshot().paused()).isTrue();

            for (String form : List.of("application/x-www-form-urlencoded", "text/plain")) {
                assertThat(application
                                .postFromElsewhere(TEXTS + "/resume", form)
                                .statusCode())
                        .isEqualTo(415);
                assertThat(application
                                .postFromElsewhere(TEXTS + "?maxBatchSize=1", form)
                                .statusCode())
                        .isEqualTo(415);
            }
            assertThat(application
                            .postFromElsewhere(TEXTS + "?maxBatchSize=1", null)
                            .statusCode())
                    .isEqualTo(415);
            assertThat(application.texts().options().maxBatchSize()).isEqualTo(2);
        }
    }

    @Test
    void nobodyResetsUnlessTheOperatorLetsThem() {
        try (EndpointApplication application = EndpointApplication.run()) {
            assertThat(application.delete(TEXTS).statusCode()).isEqualTo(405);
        }
    }

    private static String error(HttpResponse<String> response) {
        return (String)
                JsonParserFactory.getJsonParser().parseMap(response.body()).get("error");
    }
}
