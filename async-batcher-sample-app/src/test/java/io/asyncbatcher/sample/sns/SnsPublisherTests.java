package io.asyncbatcher.sample.sns;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/** What a call carries, and how its failures are told apart. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("sns")
@Import(SnsDouble.class)
class SnsPublisherTests {

    private static final String UNAVAILABLE = "SNS is not available";

    @Autowired
    private SnsDouble sns;

    @Autowired
    private AsyncBatcher<SnsMessage, String> snsMessages;

    @BeforeEach
    void answerAsEver() {
        sns.reset();
    }

    @Test
    void messagesArePublishedTenACallAndEachCallerGetsItsOwnId() {
        List<String> messages = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();

        assertThat(publish(messages.toArray(String[]::new)).stream().map(CompletableFuture::join))
                .containsExactlyElementsOf(
                        messages.stream().map("id of "::concat).toList());
        assertThat(sns.calls()).hasSize(10).allSatisfy(call -> assertThat(call).hasSize(10));
    }

    @Test
    void aCallHasNoMoreBytesThanSnsTakes() {
        String[] messages = Stream.of("a", "b", "c", "ü", "e")
                .map(letter -> letter.repeat(letter.equals("ü") ? 50_000 : 100_000))
                .toArray(String[]::new);

        publish(messages).forEach(CompletableFuture::join);

        assertThat(sns.calls()).hasSize(3).allSatisfy(call -> assertThat(call).hasSizeLessThan(3));
    }

    @Test
    void aCallIsForOneTopicAndAnUnknownOneFailsItsMessagesAlone() {
        snsMessages.pause();
        CompletableFuture<String> known = snsMessages.process(message("news", "a"));
        CompletableFuture<String> unknown = snsMessages.process(message("nowhere", "b"));
        CompletableFuture<String> unknownToo = snsMessages.process(message("nowhere", "c"));
        snsMessages.resume();

        assertThat(known.join()).isEqualTo("id of a");
        assertThat(failure(unknown))
                .isInstanceOf(ItemRejectedException.class)
                .hasMessageContaining("There is no topic nowhere.")
                .isNotSameAs(failure(unknownToo));
        assertThat(sns.calls()).containsExactlyInAnyOrder(List.of("a"), List.of("b", "c"));
    }

    @Test
    void aRejectedMessageFailsAloneAndOneThatCouldNotBeTakenIsPublishedAgainAlone() {
        sns.answerOnce(SnsDouble.published(
                SnsDouble.taken("0", "taken"), SnsDouble.failed("1", true) + SnsDouble.failed("2", false)));

        List<CompletableFuture<String>> published = publish("a", "b", "c");

        assertThat(published.get(0).join()).isEqualTo("taken");
        assertThat(failure(published.get(1)))
                .isInstanceOf(ItemRejectedException.class)
                .hasMessageContaining("422")
                .hasMessageContaining("SNS rejected the message: Why.");
        assertThat(published.get(2).join()).isEqualTo("id of c");
        assertThat(sns.calls()).containsExactly(List.of("a", "b", "c"), List.of("c"));
    }

    @ParameterizedTest
    @CsvSource({"429, Throttled", "400, Throttling", "400, KMSThrottling"})
    void messagesWaitWhereSnsIsCalledTooOften(int status, String code) {
        sns.answerOnce(SnsDouble.error(status, code));

        assertThat(publish("a", "b").stream().map(CompletableFuture::join)).containsExactly("id of a", "id of b");
        assertThat(sns.calls()).containsExactly(List.of("a", "b"), List.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource({"500, InternalError", "503, ServiceUnavailable"})
    void anErrorOfSnsFailsOneBatch(int status, String code) {
        sns.answerOnce(SnsDouble.error(status, code));

        assertThat(publish("a", "b"))
                .allSatisfy(id -> assertThat(failure(id))
                        .isInstanceOf(SystemUnavailableException.class)
                        .hasMessage(UNAVAILABLE));
        assertThat(publish("c").get(0).join()).isEqualTo("id of c");
        assertThat(sns.calls()).hasSize(2);
    }

    @Test
    void aCallThatBreaksOffIsNotMadeAgain() {
        sns.answerOnce(aResponse().withFault(Fault.EMPTY_RESPONSE));

        assertThat(failure(publish("a").get(0))).hasMessage(UNAVAILABLE);
        assertThat(sns.calls()).hasSize(1);
    }

    @Test
    void aRejectedCallSaysWhatAnOperatorNeedsAndNothingOfTheMessages() {
        sns.answerOnce(SnsDouble.error(403, "AuthorizationError"));

        assertThat(failure(publish("secret").get(0)))
                .hasMessage("SNS rejected a call: AuthorizationError (403), request 4711")
                .hasNoCause();
    }

    @Test
    void anAnswerThatIsNotOfSnsIsARejectedCallToo() {
        sns.answerOnce(aResponse().withStatus(403).withBody("<html>Some proxy</html>"));

        assertThat(failure(publish("a").get(0))).hasMessageStartingWith("SNS rejected a call: ");
    }

    /** All at once. */
    private List<CompletableFuture<String>> publish(String... messages) {
        snsMessages.pause();
        List<CompletableFuture<String>> published = Stream.of(messages)
                .map(message -> snsMessages.process(message("news", message)))
                .toList();
        snsMessages.resume();
        return published;
    }

    private static SnsMessage message(String topic, String message) {
        return new SnsMessage(topic, new NewSnsMessage(message, null, null));
    }

    private static Throwable failure(CompletableFuture<String> id) {
        return id.handle((value, failure) -> {
                    assertThat(failure).isNotNull();
                    return failure instanceof CompletionException ? failure.getCause() : failure;
                })
                .join();
    }
}
