package io.syncline.api;

import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is asked for twice with one key is done once; runs are steered here, so that nothing else keeps two of them apart. */
class IdempotencyTest {
    private static final String FULL = "/api/sync/pricebook/full";

    private static Doors doors;
    private static String operator;

    @BeforeAll
    static void open() {
        doors = Doors.open("--syncline.api.patience=5m");
        operator = doors.key("nightly", "acme", Role.OPERATOR);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    private static Answered post(String path, String body, String key) {
        return doors.post(path, operator, body, "Idempotency-Key", key);
    }

    private static int asked() {
        return doors.runs.requests.size();
    }

    @Test
    void theSameRequestIsAnsweredAsTheFirstTime() {
        String key = key();
        int before = asked();
        Answered first = post(FULL, "{\"dryRun\":true}", key);
        Answered again = post(FULL, "{\"dryRun\":true}", key);
        assertThat(asked() - before).isOne();
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Idempotent-Replayed")).isNull();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));

        String located = key();
        Answered start = post("/api/v1/syncs/pricebook/runs", "{\"mode\":\"full\"}", located);
        assertThat(post("/api/v1/syncs/pricebook/runs", "{\"mode\":\"full\"}", located).header("Location")).isEqualTo(start.header("Location"));
        assertThat(post(FULL, "{\"dryRun\":true}", key()).text()).as("another key, another run").isNotEqualTo(first.text());
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        String key = key();
        post(FULL, "{\"dryRun\":true}", key);
        int before = asked();
        for (Answered other : List.of(post(FULL, "{\"dryRun\":false}", key), post(FULL, null, key), post("/api/sync/slow/full", "{\"dryRun\":true}", key))) {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.code()).isEqualTo("idempotency-key-reused");
        }
        assertThat(asked()).isEqualTo(before);
    }

    @Test
    void keysOfOtherCallersAndOtherOperationsAreOtherKeys() {
        String key = key();
        int before = asked();
        post(FULL, null, key);
        doors.post(FULL, doors.key("other", "acme", Role.OPERATOR), null, "Idempotency-Key", key);
        doors.post(FULL, doors.key("nightly", "elsewhere", Role.OPERATOR), null, "Idempotency-Key", key);
        post("/api/sync/pricebook/verify", null, key);
        assertThat(asked() - before).isEqualTo(4);
    }

    @Test
    void whileTheFirstIsUnderWayTheOthersAreToldToWait() throws Exception {
        String key = key();
        int before = asked();
        CompletableFuture<Answered> first = CompletableFuture.supplyAsync(() -> post("/api/sync/slow/full", null, key));
        await().atMost(Duration.ofMinutes(1)).until(() -> asked() > before && doors.runs.isSlowUnderWay());
        Answered second = post("/api/sync/slow/full", null, key);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("request-under-way");
        assertThat(second.header("Retry-After")).isEqualTo("1");
        assertThat(post("/api/sync/slow/full", "{\"dryRun\":true}", key).status()).isEqualTo(422);
        doors.runs.end();
        assertThat(first.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(post("/api/sync/slow/full", null, key).text()).isEqualTo(first.get().text());
        assertThat(asked() - before).isOne();
    }

    @Test
    void ofManyAtOnceOneIsDone() {
        String key = key();
        int before = asked();
        List<CompletableFuture<Answered>> all = Stream.generate(() -> CompletableFuture.supplyAsync(() -> post(FULL, "{}", key))).limit(8).toList();
        assertThat(all.stream().map(CompletableFuture::join).map(Answered::status)).contains(200).allMatch(status -> status == 200 || status == 409);
        assertThat(asked() - before).isOne();
    }

    @Test
    void whatFailedOrWasInTheWayIsTriedAgain() {
        String key = key();
        int before = asked();
        assertThat(post("/api/sync/broken/full", null, key).status()).isEqualTo(500);
        assertThat(post("/api/sync/broken/full", null, key).header("Idempotent-Replayed")).isNull();
        assertThat(asked() - before).isEqualTo(2);

        String later = key();
        CompletableFuture<Answered> other = CompletableFuture.supplyAsync(() -> post("/api/sync/slow/full", null, key()));
        await().atMost(Duration.ofMinutes(1)).until(doors.runs::isSlowUnderWay);
        assertThat(post("/api/sync/slow/incremental", null, later).code()).isEqualTo("another-run-is-active");
        doors.runs.end();
        assertThat(other.join().status()).isEqualTo(200);
        int until = asked();
        CompletableFuture<Answered> now = CompletableFuture.supplyAsync(() -> post("/api/sync/slow/incremental", null, later));
        await().atMost(Duration.ofMinutes(1)).until(() -> asked() > until && doors.runs.isSlowUnderWay());
        doors.runs.end();
        assertThat(now.join().status()).as("nothing is in the way any more").isEqualTo(200);
    }

    @Test
    void aRefusalIsAnAnswerToo() {
        String key = key();
        Answered first = post(FULL, "{\"dryRun\":7}", key);
        assertThat(first.status()).isEqualTo(400);
        Answered again = post(FULL, "{\"dryRun\":7}", key);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Content-Type")).startsWith("application/problem+json");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void aKeyIsShortVisibleText() {
        for (String key : new String[] {"", "a b", "a".repeat(256), "a\tb"}) {
            Answered answer = post(FULL, null, key);
            assertThat(answer.status()).as(key).isEqualTo(400);
            assertThat(answer.code()).as(key).isEqualTo("invalid-idempotency-key");
        }
        assertThat(post(FULL, null, "a".repeat(255)).status()).isEqualTo(200);
        assertThat(doors.post(FULL, operator, null, "Idempotency-Key", "one", "Idempotency-Key", "two").code()).isEqualTo("repeated-header");
    }

    @Test
    void anAnswerSurvivesARestart() {
        String key = key();
        Answered first;
        String database;
        String caller;
        try (Doors before = Doors.open()) {
            database = before.database;
            caller = before.key("nightly", "acme", Role.OPERATOR);
            first = before.post(FULL, caller, null, "Idempotency-Key", key);
        }
        try (Doors after = Doors.on(database)) {
            Answered again = after.post(FULL, caller, null, "Idempotency-Key", key);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.text()).isEqualTo(first.text());
            assertThat(after.runs.requests).isEmpty();
        }
    }

    @Test
    void anAnswerIsKeptForAWhileAndThenThrownAway() {
        try (Doors brief = Doors.open("--syncline.api.idempotency.keep=1h", "--syncline.api.idempotency.sweep=100ms")) {
            String caller = brief.key("nightly", "acme", Role.OPERATOR);
            brief.post(FULL, caller, null, "Idempotency-Key", "old");
            brief.post(FULL, caller, null, "Idempotency-Key", "young");
            brief.sql.sql("update syncline.idempotency set began_at = began_at - interval '61 minutes' where key = 'old'").update();
            await().atMost(Duration.ofSeconds(60)).until(() ->
                    brief.sql.sql("select string_agg(key, ' ') from syncline.idempotency").query(String.class).single().equals("young"));
            assertThat(brief.post(FULL, caller, null, "Idempotency-Key", "old").header("Idempotent-Replayed")).isNull();
            assertThat(brief.runs.requests).hasSize(3);
        }
    }

    @Test
    void whateverChangesSomethingTakesAKeyUnlessNobodyKnowsWhose() {
        assertThat(Contract.read().operations()).isNotEmpty().allSatisfy(operation -> assertThat(operation.headers().contains(Idempotency.HEADER))
                .as(operation.id()).isEqualTo(!operation.method().equals("GET") && operation.role() != Role.ANYONE));
    }
}
