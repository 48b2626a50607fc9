package io.syncline.source;

import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 12, 13, 21, 24 and 28 where an edit leaves: over a socket, with every kind of answer there is and none at all. */
class WritingTest {
    private static final String AGREED = "{\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5}";
    private static final String EDITED = "{\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}";
    private static final UUID ID = UUID.fromString("0b9e3a52-0000-4000-8000-000000000001");
    private static final String SYSTEM = """
            name: shop
            title: Shop
            source:
              kind: http
              baseUrl: ${URL}
              allowPrivateNetwork: true
              headers: {X-App: "${APP}"}
              auth: {kind: bearer, token: "${TOKEN}"}
              limits: {timeout: 2s}
              resources:
                items:
                  path: /t/${TENANT}/items
                  records: data
                  paging: {kind: page, parameter: page, more: more}
                  since: {parameter: changedSince}
                  byId: /t/${TENANT}/items/{id}
                  writes:
                    create: {path: "/t/${TENANT}/items", requires: [code]}
                    update: {path: "/t/${TENANT}/items/{id}", nulls: []}
                    delete: {path: "/t/${TENANT}/items/{id}"}
                    restore: {path: "/t/${TENANT}/items/{id}", body: {active: true}}
                    idempotencyKey: {header: Idempotency-Key, honoured: false}
                    error: [title, errors]
            """;
    private static final String SYNC = """
            name: goods
            title: Goods
            system: shop
            side: sh
            entities:
              items:
                key: id
                match: [code]
                deletedWhen: {path: active, is: false}
                fields: {code: text, name: text, price: decimal}
            """;

    @TempDir
    private Path folder;
    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();
    private String url = server.url();
    private String system = SYSTEM;
    private Configuration configuration;

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private Writing writing() {
        try {
            Files.createDirectories(folder.resolve("systems"));
            Files.createDirectories(folder.resolve("syncs"));
            Files.writeString(folder.resolve("systems/shop.yaml"), system);
            Files.writeString(folder.resolve("syncs/goods.yaml"), SYNC);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        configuration = ConfigurationReader.withoutSettings().read(folder);
        return new HttpWriting(fixture.sources.entry(), fixture.clock, configuration, (organisation, name) ->
                SourceFixture.connection(organisation, "URL", url, "TENANT", "a/b", "APP", "app-s3cret", "TOKEN", "t0ken-s3cret"));
    }

    private Sent send(Action action, String key, String agreed, String document, Instant firstSentAt) {
        Writing writing = writing();
        return writing.send(order(action, key, agreed, document, firstSentAt));
    }

    private Sent update() {
        return send(Action.UPDATE, "7", AGREED, EDITED, null);
    }

    private Sent lookUp(Action action, String key, String agreed, String document) {
        Writing writing = writing();
        return writing.lookUp(order(action, key, agreed, document, fixture.clock.now.minus(Duration.ofHours(1))));
    }

    private WriteOrder order(Action action, String key, String agreed, String document, Instant firstSentAt) {
        SyncConfig sync = configuration.syncs().get("goods");
        Document before = agreed == null ? null : Document.stored(agreed);
        return new WriteOrder(ID, sync, sync.entity("items"), "default", action, key, before, Document.stored(document), before == null ? null : before.hash(),
                firstSentAt);
    }

    private static FaultyServer.Answer record(String price) {
        return json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":" + price + ",\"active\":true}");
    }

    private static FaultyServer.Answer deleted() {
        return json("{\"id\":7,\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5,\"active\":false}");
    }

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
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsOnly("GET");
    }

    @Test
    void shouldTakeWhatArrivedBeforeWithoutSendingItAgain() {
        server.script(record("5"));

        assertThat(send(Action.UPDATE, "7", AGREED, EDITED, fixture.clock.now)).isInstanceOf(Sent.Taken.class);
        assertThat(server.lines()).containsExactly("GET /t/a%2Fb/items/7");
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
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "409", "413", "422"})
    void shouldRefuseInTheSystemsOwnWords(int status) {
        server.script(record("4.5"), answer(status, "{\"title\":\"Invalid\",\"errors\":{\"price\":[\"too \\\"high\\\"\",\"no\"],\"code\":[]},\"trace\":\"x\"}"));

        assertThat(update()).isEqualTo(new Sent.Refused(status, "Invalid; price: too 'high', no"));
    }

    @Test
    void shouldBoundAndCleanTheSystemsWords() {
        server.script(record("4.5"), answer(400, "{\"title\":\"" + "x\\u001b[31m\\n".repeat(400) + "\"}"));
        assertThat(update()).isInstanceOfSatisfying(Sent.Refused.class, refused -> assertThat(refused.words()).hasSizeLessThan(520).doesNotContain("\u001b", "\n"));

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
        server.script(record("4.5"), answer(202, "{}"));
        assertThat(update()).isInstanceOf(Sent.Unclear.class);
        assertThat(fixture.clock.pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\"", "HTTP/1.1 500 Whatever\r\nContent-Length: 0\r\n\r\n", "nonsense\r\n\r\n"})
    void shouldCallWhatWasSentWithoutAnAnswerUnclear(String answer) {
        server.script(record("4.5"), raw(answer));
        assertThat(update()).isInstanceOf(Sent.Unclear.class);
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsExactly("GET", "PATCH");
    }

    @Test
    void shouldWaitNoLongerThanTheLimit() {
        server.script(record("4.5"), to -> Thread.sleep(60_000));
        long started = System.nanoTime();

        assertThat(update()).isInstanceOf(Sent.Unclear.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
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
        assertThat(send(Action.RESTORE, "7", AGREED, EDITED, null)).isInstanceOf(Sent.Refused.class);
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
    void shouldLookUpAnUpdateByReadingBack() {
        server.script(record("5.0"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Taken.class);
        server.script(record("4.5"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOfSatisfying(Sent.NotSent.class, sent -> assertThat(sent.retryAfter()).isZero());
        server.script(record("6"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Moved.class);
        server.script(answer(404, "{}"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Moved.class);
        server.script(deleted());
        assertThat(lookUp(Action.DELETE, "7", AGREED, AGREED)).isInstanceOf(Sent.Taken.class);
        server.script(record("4.5"));
        assertThat(lookUp(Action.DELETE, "7", AGREED, AGREED)).isInstanceOf(Sent.NotSent.class);
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsOnly("GET");
    }

    @Test
    void shouldTakeNoFailureToLookUpForAProof() {
        for (FaultyServer.Answer failure : List.of(answer(500, ""), answer(429, "", "Retry-After", "3"), raw(""), json("<html>"))) {
            server.script(failure);
            assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Unclear.class);
            assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.Unclear.class);
        }
    }

    @Test
    void shouldFindACreatedRecordByWhatItIsKnownBy() {
        String ours = "{\"id\":9,\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}";
        server.always(request -> json(request.target().contains("page=2") ? "{\"more\":false,\"data\":[" + ours + "]}"
                : "{\"more\":true,\"data\":[{\"id\":8,\"code\":\"P-2\",\"name\":\"pump\",\"price\":5}]}"));

        assertThat(lookUp(Action.CREATE, null, null, EDITED))
                .isInstanceOfSatisfying(Sent.Taken.class, taken -> assertThat(taken.answered().key()).isEqualTo("9"));
        assertThat(server.received().get(0).target()).contains("changedSince=2026-11-21T08%3A58%3A00Z");

        server.script(json("{\"more\":false,\"data\":[" + ours + "," + ours.replace("9", "10") + "]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.CannotTell.class);
        server.script(json("{\"more\":false,\"data\":[" + ours.replace("5}", "6}") + "]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED))
                .isInstanceOfSatisfying(Sent.CannotTell.class, tells -> assertThat(tells.why()).contains("\"9\" is known by the same"));
    }

    @Test
    void shouldNotTakeACreateForLostThatMayStillArrive() {
        server.script(json("{\"more\":false,\"data\":[]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.NotSent.class);

        Writing writing = writing();
        assertThat(writing.lookUp(order(Action.CREATE, null, null, EDITED, fixture.clock.now.minusSeconds(44)))).isInstanceOf(Sent.Unclear.class);
        assertThat(writing.lookUp(order(Action.CREATE, null, null, EDITED, fixture.clock.now.minusSeconds(45)))).isInstanceOf(Sent.NotSent.class);
    }

    @Test
    void shouldAskForItAsDeclaredAndFillNothingIntoWhatARecordSays() {
        system = SYSTEM.replace("error: [title, errors]", "find: {code: \"{code}\", createdSince: \"{sentAt}\", tenant: \"${TENANT}\"}");
        server.script(json("{\"more\":false,\"data\":[]}"));

        lookUp(Action.CREATE, null, null, "{\"code\":\"${TOKEN}\",\"name\":null}");

        assertThat(server.lines()).containsExactly("GET /t/a%2Fb/items?code=%24%7BTOKEN%7D&createdSince=2026-11-21T08%3A58%3A00Z&tenant=a%2Fb&page=1");
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
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(SourceFailure.class, () -> fixture.sources.entry().once(read, request)))
                    .as(request.method() + " " + request.uri()).hasMessageContaining("nothing was sent");
        }
        assertThat(server.received()).isEmpty();
        assertThat(fixture.sources.entry().once(read, reads.write("PATCH", "/t/a/items/{id}", "7", Map.of(), "{}")).status()).isEqualTo(200);
        assertThat(writing).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../../x", "7?active=true", "7#x", "x\r\nX-Evil: 1", "%2e%2e", "é"})
    void shouldKeepAnyKeyInItsPlace(String key) {
        server.always(request -> request.method().equals("GET") ? json("{\"id\":" + quoted(key) + ",\"code\":\"P-1\",\"name\":\"pump\",\"price\":4.5}") : record("5"));

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
