package io.syncline.source;

import io.syncline.config.SyncConfig;
import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Promises 13, 21, 24 and 28 where an edit leaves: over a socket, with every kind of answer there is and none at all. */
class WritingTest extends WritingBench {
    @Test
    void shouldReadThenSendWhatChangedAndTakeTheAnswer() {
        server.script(record("4.50"), record("5.00"));

        Sent sent = update();

        assertThat(sent).isInstanceOfSatisfying(Sent.Taken.class, taken -> assertThat(taken.answered().document().text()).isEqualTo(EDITED));
        assertThat(server.lines()).containsExactly("GET /t/a%2Fb/items/7", "PATCH /t/a%2Fb/items/7");
        FaultyServer.Received patch = server.received().get(1);
        assertThat(patch.body()).isEqualTo("{\"price\":5}");
        assertThat(patch.headers()).containsEntry("idempotency-key", ID.toString()).containsEntry("authorization", "Bearer t0ken-s3cret")
                .containsEntry("content-type", "application/json").containsEntry("x-app", "app-s3cret");
    }

    @Test
    void shouldSendNothingOverARecordThatMoved() {
        server.script(record("4.75"));
        assertThat(update()).isInstanceOf(Sent.Moved.class);

        server.script(deleted());
        assertThat(update()).isInstanceOf(Sent.Moved.class);

        server.script(answer(404, "{}"));
        assertThat(update()).isInstanceOf(Sent.Moved.class);

        server.script(json("{\"id\":7,\"code\":\"P-1\",\"name\":\"another pump\",\"price\":5,\"active\":true}"));
        assertThat(update()).as("somebody there changed the same, and more").isInstanceOf(Sent.Moved.class);
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsOnly("GET");
    }

    @Test
    void shouldTakeWhatArrivedBeforeWithoutSendingItAgain() {
        server.script(record("5"));

        assertThat(send(Action.UPDATE, "7", AGREED, EDITED, fixture.clock.now)).isInstanceOf(Sent.Taken.class);
        assertThat(server.lines()).containsExactly("GET /t/a%2Fb/items/7");
    }

    @Test
    void shouldSendNothingOverWhatCannotBeRead() {
        server.script(record("\"a lot\""));
        assertThat(update()).isInstanceOfSatisfying(Sent.Refused.class, refused -> assertThat(refused.words()).contains("cannot be read", "price"));
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsOnly("GET");
    }

    @Test
    void shouldSendNothingWhereNothingIsToBeSaid() {
        server.script(record("4.5"));
        assertThat(send(Action.UPDATE, "7", AGREED, AGREED, null)).isInstanceOf(Sent.Taken.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void shouldSayWhatCannotBeEmptied() {
        assertThat(send(Action.UPDATE, "7", AGREED, "{\"code\":\"P-1\",\"name\":null,\"price\":4.5}", null))
                .isEqualTo(new Sent.Refused(0, "Not sent: name is empty, and name cannot be null there."));
        assertThat(server.received()).isEmpty();
    }

    @Test
    void shouldReadBackAnAnswerOfNoUse() {
        server.script(record("4.5"), answer(204, ""), record("5"));
        assertThat(update()).isInstanceOf(Sent.Taken.class);

        server.script(record("4.5"), json("<html>ok</html>"), record("5"));
        assertThat(update()).isInstanceOf(Sent.Taken.class);

        server.script(record("4.5"), json("{\"id\":8,\"price\":5}"), answer(500, ""));
        assertThat(update()).isInstanceOf(Sent.Unclear.class);

        server.script(record("4.5"), deleted(), record("5"));
        assertThat(update()).as("nobody asked for a deletion").isInstanceOfSatisfying(Sent.Taken.class,
                taken -> assertThat(taken.answered().deleted()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "409", "413", "422"})
    void shouldRefuseInTheSystemsOwnWords(int status) {
        server.script(record("4.5"), answer(status,
                "{\"title\":\"Invalid\",\"errors\":{\"price\":[\"too \\\"high\\\"\",\"no\"],\"code\":[]},\"trace\":\"x\"}"));

        assertThat(update()).isEqualTo(new Sent.Refused(status, "Invalid; price: too 'high', no"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Price must not be negative.|{\"price\":[\"Price must not be negative\"]}|price: Price must not be negative",
        "too high|{}|too high", "price: no|[\"price: no\"]|price: no", "No|{\"code\":[\"unknown\"]}|No; code: unknown"})
    void shouldSayOnceWhatTheTitleAndTheReasonsBothSay(String title, String errors, String said) {
        server.script(record("4.5"), answer(400, "{\"title\":\"" + title + "\",\"errors\":" + errors + "}"));
        assertThat(update()).isEqualTo(new Sent.Refused(400, said));
    }

    @Test
    void shouldBoundAndCleanTheSystemsWords() {
        server.script(record("4.5"), answer(400, "{\"title\":\"" + "x\\u001b[31m\\n".repeat(400) + "\"}"));
        assertThat(update()).isInstanceOfSatisfying(Sent.Refused.class,
                refused -> assertThat(refused.words()).hasSizeLessThan(520).doesNotContain("\u001b", "\n"));

        server.script(record("4.5"), answer(400, "{\"title\":\"no such app: app-s3cret\"}"));
        assertThat(update()).isInstanceOfSatisfying(Sent.Refused.class, refused -> assertThat(refused.words()).doesNotContain("s3cret"));

        server.script(record("4.5"), answer(403, "{\"title\":\"bad token t0ken-s3cret\"}"));
        assertThat(update()).isInstanceOfSatisfying(Sent.Barred.class, barred -> assertThat(barred.why()).doesNotContain("s3cret").contains("answered 403"));

        server.script(record("4.5"), answer(400, "<html>t0ken-s3cret</html>", "Content-Type", "text/html"));
        assertThat(update()).isEqualTo(new Sent.Refused(400, "answered 400 without a reason"));
    }

    @Test
    void shouldTellApartWhoIsBarredWhoWaitsAndWhatIsUnclear() {
        server.script(record("4.5"), answer(401, "{}"));
        assertThat(update()).isInstanceOf(Sent.Barred.class);
        server.script(answer(401, "{}"));
        assertThat(update()).isInstanceOf(Sent.Barred.class);
        server.script(record("4.5"), answer(429, "{}", "Retry-After", "17"));
        assertThat(update()).isInstanceOfSatisfying(Sent.NotSent.class, waits -> assertThat(waits.retryAfter()).isEqualTo(Duration.ofSeconds(17)));
        server.script(answer(503, "{}", "Retry-After", "9"));
        assertThat(update()).isInstanceOfSatisfying(Sent.NotSent.class, waits -> assertThat(waits.retryAfter()).isEqualTo(Duration.ofSeconds(9)));
        server.script(record("4.5"), answer(412, "{}"));
        assertThat(update()).isInstanceOf(Sent.Moved.class);
        server.script(record("4.5"), answer(302, "", "Location", "http://elsewhere.invalid/"));
        assertThat(update()).isInstanceOf(Sent.Refused.class);
        server.script(record("4.5"), answer(202, "{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}"));
        assertThat(update()).as("it says how it will be").isInstanceOf(Sent.Unclear.class);
        assertThat(fixture.clock.pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\"",
            "HTTP/1.1 500 Whatever\r\nContent-Length: 0\r\n\r\n", "nonsense\r\n\r\n"})
    void shouldCallWhatWasSentWithoutAnAnswerUnclear(String answer) {
        server.script(record("4.5"), raw(answer));
        assertThat(update()).isInstanceOf(Sent.Unclear.class);
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsExactly("GET", "PATCH");
    }

    @Test
    void shouldWaitNoLongerThanTheLimit() {
        system = SYSTEM.replace("timeout: 20s", "timeout: 1s");
        CountDownLatch enough = new CountDownLatch(1);
        server.script(record("4.5"), to -> enough.await());
        long started = System.nanoTime();

        assertThat(update()).isInstanceOf(Sent.Unclear.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
        enough.countDown();
    }

    @Test
    void shouldKnowThatNothingLeftWhereThereIsNoConnection() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            url = "http://127.0.0.1:" + free.getLocalPort();
        }
        assertThat(update()).isInstanceOf(Sent.NotSent.class);
        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOf(Sent.NotSent.class);

        url = "http://169.254.169.254";
        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOf(Sent.Barred.class);
    }

    @Test
    void shouldLookUpALostAnswerAlsoWhereTheKeyIsHonoured() {
        system = SYSTEM.replace("{header: Idempotency-Key, honoured: false}", "Idempotency-Key");
        server.script(answer(500, "{}"));
        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOf(Sent.Unclear.class);
        server.script(raw(""));
        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOf(Sent.Unclear.class);
    }

    @Test
    void shouldCreateAndLearnTheKey() {
        server.script(answer(201, "{\"id\":9007199254740993,\"code\":\"P-1\",\"name\":\"pump\",\"price\":5.0}"));

        assertThat(send(Action.CREATE, null, null, EDITED, null))
                .isInstanceOfSatisfying(Sent.Taken.class, taken -> assertThat(taken.answered().key()).isEqualTo("9007199254740993"));
        assertThat(server.lines()).containsExactly("POST /t/a%2Fb/items");
        assertThat(server.received().get(0).body()).isEqualTo("{\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}");
    }

    /** A key that the system has seen before gets the answer of then; what the record says by now, or that it is gone, is read. */
    @Test
    void shouldReadBackWhatAnAnswerToAKnownKeyMayTellOfThen() {
        system = SYSTEM.replace("{header: Idempotency-Key, honoured: false}", "Idempotency-Key");
        server.script(answer(201, "{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}"), record("6"));
        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOfSatisfying(Sent.Taken.class,
                taken -> assertThat(taken.answered().document().text()).contains("\"price\":6"));

        server.script(answer(201, "{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}"), answer(404, "{}"));
        assertThat(send(Action.CREATE, null, null, EDITED, null))
                .isInstanceOfSatisfying(Sent.Unclear.class, unclear -> assertThat(unclear.made()).isEqualTo("7"));
        assertThat(server.lines()).containsExactly("POST /t/a%2Fb/items", "GET /t/a%2Fb/items/7", "POST /t/a%2Fb/items", "GET /t/a%2Fb/items/7");
    }

    @Test
    void shouldReadTheNewRecordWhereOnlyItsKeyIsAnswered() {
        system = SYSTEM.replace("requires: [code]}", "key: created.id}").replace("error: [title, errors]", "answer: nothing");
        server.script(answer(201, "{\"created\":{\"id\":7}}"), record("5"));

        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOf(Sent.Taken.class);
        assertThat(server.lines()).containsExactly("POST /t/a%2Fb/items", "GET /t/a%2Fb/items/7");

        server.script(answer(201, "{}"));
        assertThat(send(Action.CREATE, null, null, EDITED, null)).isInstanceOf(Sent.Unclear.class);
    }

    @Test
    void shouldDeleteAndSeeThatItIsGone() {
        server.script(record("4.5"), answer(204, ""), deleted());
        assertThat(send(Action.DELETE, "7", AGREED, AGREED, null))
                .isInstanceOfSatisfying(Sent.Taken.class, taken -> assertThat(taken.answered().deleted()).isTrue());
        assertThat(server.received().get(1).method()).isEqualTo("DELETE");
        assertThat(server.received().get(1).body()).isEmpty();

        server.script(record("4.5"), answer(204, ""), answer(404, "{}"));
        assertThat(send(Action.DELETE, "7", AGREED, AGREED, null)).isEqualTo(new Sent.Taken(null));
        server.script(answer(404, "{}"));
        assertThat(send(Action.DELETE, "7", AGREED, AGREED, null)).isEqualTo(new Sent.Taken(null));
        server.script(record("4.5"), answer(204, ""), record("4.5"));
        assertThat(send(Action.DELETE, "7", AGREED, AGREED, null)).isInstanceOf(Sent.Unclear.class);
        server.script(record("4.75"));
        assertThat(send(Action.DELETE, "7", AGREED, AGREED, null)).isInstanceOf(Sent.Moved.class);
    }

    @Test
    void shouldRestoreTogetherWithWhatChanged() {
        server.script(deleted(), record("5"));
        assertThat(send(Action.RESTORE, "7", AGREED, EDITED, null)).isInstanceOf(Sent.Taken.class);
        assertThat(server.received().get(1).body()).isEqualTo("{\"active\":true,\"price\":5}");

        server.script(record("4.5"));
        assertThat(send(Action.RESTORE, "7", AGREED, EDITED, null)).isInstanceOf(Sent.Moved.class);
        server.script(answer(404, "{}"));
        assertThat(send(Action.RESTORE, "7", AGREED, EDITED, null)).as("it can be made anew")
                .isInstanceOfSatisfying(Sent.Moved.class, moved -> assertThat(moved.gone()).isTrue());
    }

    @Test
    void shouldRefuseToRestoreWhatIsGoneWhereNothingIsMade() {
        system = SYSTEM.replaceFirst("(?m)^ *create: .*\\R", "");
        server.script(answer(404, "{}"));
        assertThat(send(Action.RESTORE, "7", AGREED, EDITED, null)).isInstanceOfSatisfying(Sent.Refused.class,
                refused -> assertThat(refused.words()).contains("cannot be brought back"));
    }

    @Test
    void shouldTellTheVersionThatIsOverwritten() {
        system = SYSTEM.replace("error: [title, errors]", "ifMatch: {fromHeader: ETag}");
        server.script(json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5}", "ETag", "\"v3\""), record("5"));
        assertThat(update()).isInstanceOf(Sent.Taken.class);
        assertThat(server.received().get(1).headers()).containsEntry("if-match", "\"v3\"");

        system = SYSTEM.replace("error: [title, errors]", "ifMatch: {header: X-Version, from: meta.v}");
        server.script(json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5,\"meta\":{\"v\":12}}"), record("5"));
        assertThat(update()).isInstanceOf(Sent.Taken.class);
        assertThat(server.received().get(3).headers()).containsEntry("x-version", "12");

        server.script(json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5,\"meta\":{\"v\":\"1\\r\\nX-Evil: 1\"}}"), record("5"));
        int before = server.received().size();
        assertThat(update()).isInstanceOf(Sent.Refused.class);
        assertThat(server.received()).hasSize(before + 1);
    }

    @Test
    void shouldLetNothingOutThatIsNotDeclared() throws IOException {
        server.script(record("4.5"));
        Writing writing = writing();
        SyncConfig sync = configuration.syncs().get("goods");
        Read read = new Read(SourceFixture.connection("default", "URL", url, "TENANT", "a", "APP", "x", "TOKEN", "t"), configuration.systemOf(sync),
                configuration.systemOf(sync).source().resources().get("items"), sync.entity("items").mapping(), null);
        HttpReads reads = new HttpReads(read);
        List<HttpRequest> undeclared = new ArrayList<>(List.of(reads.write("PUT", "/t/a/items/{id}", "7", Map.of(), "{}"),
                reads.write("DELETE", "/t/a/items", null, Map.of(), null), reads.write("PATCH", "/t/a/items/7/price", null, Map.of(), "{}"),
                reads.write("POST", "/t/a/b/items", null, Map.of(), "{}"), reads.write("PATCH", "/items/7", null, Map.of(), "{}")));
        for (HttpRequest request : undeclared) {
            assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.entry().once(read, request)))
                    .as(request.method() + " " + request.uri()).hasMessageContaining("nothing was sent");
        }
        assertThat(server.received()).isEmpty();
        assertThat(fixture.sources.entry().once(read, reads.write("PATCH", "/t/a/items/{id}", "7", Map.of(), "{}")).status()).isEqualTo(200);
        assertThat(writing).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../../x", "7?active=true", "7#x", "x\r\nX-Evil: 1", "%2e%2e", "é"})
    void shouldKeepAnyKeyInItsPlace(String key) {
        server.always(request -> request.method().equals("GET") ? json("{\"id\":" + quoted(key)
                + ",\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5}") : record("5"));

        Sent sent = send(Action.UPDATE, key, AGREED, EDITED, null);

        if (key.startsWith(".") && key.length() < 3) {
            assertThat(sent).isInstanceOf(Sent.Refused.class);
        }
        assertThat(server.received()).allMatch(request -> request.target().matches("/t/a%2Fb/items/[^/?#]+") && !request.headers().containsKey("x-evil"));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\r\n", "\\r\\n") + "\"";
    }
}
