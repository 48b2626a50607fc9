package io.syncline.api;

import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class RunDoorTest {
    private static Doors doors;
    private static String key;

    @BeforeAll
    static void open() {
        doors = Doors.open("--syncline.api.patience=200ms");
        key = doors.key("nightly", "acme", Role.OPERATOR);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    @Test
    void aRunThatEndsInTimeIsAnsweredWithItsReport() {
        Answered answer = doors.post("/api/sync/pricebook/full", key, null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().path("state").asText()).isEqualTo("published");
        assertThat(answer.json().path("large").asText()).isEqualTo("9007199254740993");
        assertThat(answer.json().path("joined").booleanValue()).isFalse();
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.FULL, false, null, null, null, "api", "nightly"));
    }

    @Test
    void theBodySaysWhatTheRunIsToDo() {
        assertThat(doors.post("/api/sync/pricebook/full", key, "{\"dryRun\":true,\"entityType\":\"services\"}").status()).isEqualTo(200);
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.FULL, true, null, "services", null, "api", "nightly"));

        Instant november = Instant.parse("2026-11-01T00:00:00Z");
        String body = "{\"sinceTimestamp\":\"2026-11-01T01:00:00+01:00\",\"entity\":\"services\"}";
        assertThat(doors.post("/api/sync/pricebook/incremental", key, body).status()).isEqualTo(200);
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.INCREMENTAL, false, november, "services", null, "api", "nightly"));

        assertThat(doors.post("/api/sync/pricebook/incremental", key, "{\"since\":\"2026-11-01T00:00Z\",\"entity\":null}").status()).isEqualTo(200);
        assertThat(last().since()).isEqualTo(november);

        assertThat(doors.post("/api/sync/pricebook/entity/services/a%2Fb%5Cd%20c%3B%24%7Bbody%7D", key, "{\"dryRun\":true}").status()).isEqualTo(200);
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.SINGLE, true, null, "services", "a/b\\d c;${body}", "api", "nightly"));
    }

    @Test
    void aLongRunIsAnsweredWithItsAddressAnEqualRequestJoinsItAndADifferentOneIsRefused() {
        Answered first = doors.post("/api/sync/slow/full", key, "{}");
        assertThat(first.status()).isEqualTo(202);
        long run = first.json().path("run").longValue();
        assertThat(first.header("Location")).isEqualTo("/api/v1/runs/" + run);
        assertThat(first.json().toString()).isEqualTo("{\"run\":" + run + ",\"state\":\"running\",\"href\":\"/api/v1/runs/" + run + "\",\"joined\":false}");

        Answered equal = doors.post("/api/sync/slow/full", key, null);
        assertThat(equal.status()).isEqualTo(202);
        assertThat(equal.json().path("run").longValue()).isEqualTo(run);
        assertThat(equal.json().path("joined").booleanValue()).isTrue();

        Answered different = doors.post("/api/sync/slow/incremental", key, null);
        assertThat(different.status()).isEqualTo(409);
        assertThat(different.code()).isEqualTo("another-run-is-active");
        assertThat(different.json().path("run").longValue()).isEqualTo(run);
        assertThat(different.json().path("href").asText()).isEqualTo("/api/v1/runs/" + run);

        assertThat(doors.get("/api/v1/runs/" + run, key).json().path("state").asText()).isEqualTo("running");
        doors.runs.end();
        Answered report = doors.get("/api/v1/runs/" + run, key);
        assertThat(report.status()).isEqualTo(200);
        assertThat(report.json().path("state").asText()).isEqualTo("published");
    }

    @Test
    void anotherOrganisationsRunIsAnsweredLikeOneThatDoesNotExist() {
        long run = doors.post("/api/sync/pricebook/full", key, null).json().path("run").longValue();
        String stranger = doors.key("stranger", "other", Role.ADMIN);
        Answered theirs = doors.get("/api/v1/runs/" + run, stranger, "X-Request-Id", "same");
        Answered none = doors.get("/api/v1/runs/999999", stranger, "X-Request-Id", "same");
        assertThat(theirs.status()).isEqualTo(404);
        assertThat(theirs.text()).isEqualTo(none.text());
        assertThat(doors.get("/api/v1/runs/99999999999999999999999", stranger).status()).isEqualTo(404);
        assertThat(doors.get("/api/v1/runs/first", stranger).status()).isEqualTo(400);
    }

    @Test
    void aRunUnderWayIsAskedToEndAndOneThatHasEndedIsNot() {
        long run = doors.post("/api/sync/slow/full", key, "{}").json().path("run").longValue();
        String stranger = doors.key("canceller", "other", Role.ADMIN);
        assertThat(doors.post("/api/v1/runs/" + run + "/cancel", stranger, null).status()).as("another organisation's").isEqualTo(404);
        doors.runs.waits.clear();
        Answered asked = doors.post("/api/v1/runs/" + run + "/cancel", key, null);
        assertThat(doors.runs.waits).as("nobody is kept waiting for a page that takes long").hasSize(1)
                .allMatch(wait -> wait.compareTo(Duration.ofSeconds(3)) <= 0);
        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.json().path("state").asText()).isEqualTo("running");
        doors.runs.end();
        Answered late = doors.post("/api/v1/runs/" + run + "/cancel", key, null);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("cannot-be-cancelled");
        assertThat(late.json().path("href").asText()).isEqualTo("/api/v1/runs/" + run);
    }

    @Test
    void anUnknownSyncIsNamedTogetherWithThoseThereAre() {
        Answered answer = doors.post("/api/sync/pricebok/full", key, null);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("unknown-target");
        assertThat(answer.detail()).contains("pricebok").contains("pricebook");
    }

    @Test
    void aMomentThatIsStillToComeIsRefusedWithWhatToWrite() {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        int before = doors.runs.requests.size();
        Answered answer = doors.post("/api/sync/pricebook/incremental", key, "{\"since\":\"" + tomorrow + "\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).contains("since: \"" + tomorrow + "\" is still to come").contains("Write a moment that has passed");
        assertThat(doors.runs.requests).hasSize(before);
    }

    @Test
    void everyMistakeOfABodyIsNamedWithWhatToWrite() {
        int before = doors.runs.requests.size();
        Answered answer = doors.post("/api/sync/pricebook/incremental", key,
                "{\"dryRun\":\"yes\",\"since\":\"yesterday\",\"entity\":7,\"entityType\":\"a\",\"role\":\"admin\",\"__proto__\":{}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid-request");
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactlyInAnyOrder("/dryRun", "/since", "/entity", "/role", "/__proto__");
        assertThat(answer.detail()).contains("Write true or false").contains("2026-11-01T00:00:00Z").contains("Known are dryRun, since");
        assertThat(doors.runs.requests).hasSize(before);
    }

    @Test
    void aMomentNeedsAZoneAndIsSaidOnce() {
        for (String since : new String[] {"\"2026-11-01\"", "\"2026-11-01T00:00:00\"", "1700000000", "\"\"", "\"+999999999-12-31T23:59:59Z\"", "true", "[]"}) {
            Answered answer = doors.post("/api/sync/pricebook/incremental", key, "{\"since\":" + since + "}");
            assertThat(answer.status()).as(since).isEqualTo(400);
            assertThat(answer.detail()).as(since).contains("ISO 8601");
        }
        assertThat(doors.post("/api/sync/pricebook/incremental", key, "{\"since\":\"2026-11-01T00:00Z\",\"sinceTimestamp\":\"2026-11-01T00:00Z\"}").detail())
                .contains("Write one of them");
        assertThat(doors.post("/api/sync/pricebook/full", key, "{\"since\":\"2026-11-01T00:00Z\"}").detail()).contains("a full run reads everything");
        assertThat(doors.post("/api/sync/pricebook/entity/services/1", key, "{\"entity\":\"materials\"}").detail()).contains("the address names the record");
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlace() {
        for (String body : new String[] {"{", "{\"dryRun\":tru}", "{\"dryRun\":true,\"dryRun\":false}", "{} {}", "dryRun=true", "{'dryRun':true}", "\u0000"}) {
            Answered answer = doors.post("/api/sync/pricebook/full", key, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.code()).as(body).isEqualTo("malformed-json");
            assertThat(answer.detail()).as(body).contains("line 1");
        }
        for (String body : new String[] {"[]", "null", "1", "\"text\"", "   "}) {
            assertThat(doors.post("/api/sync/pricebook/full", key, body).status()).as(body).isEqualTo(400);
        }
    }

    @Test
    void aBombOfJsonIsRefusedQuickly() {
        Answered deep = doors.post("/api/sync/pricebook/full", key, "{\"entity\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}");
        assertThat(deep.status()).isEqualTo(400);
        assertThat(deep.code()).isEqualTo("json-beyond-limits");
        assertThat(doors.post("/api/sync/pricebook/full", key, "{\"entity\":" + "9".repeat(1_000_000) + "}").status()).isEqualTo(400);
        assertThat(doors.post("/api/sync/pricebook/full", key, "{\"entity\":\"" + "a".repeat(2_000_000) + "\"}").code()).isEqualTo("json-beyond-limits");
    }

    @Test
    void aFailureOfOursTellsNothingButTheRequestId() {
        Answered answer = doors.post("/api/sync/broken/full", key, null, "X-Request-Id", "find-me");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("requestId").asText()).isEqualTo("find-me");
        assertThat(answer.text()).doesNotContain("select", "syncline.table", "/srv", "Exception", "java");
    }

    @Test
    void whoeverFindsAllWaitersTakenIsAnsweredAtOnceAndTheOthersStillInTime() throws Exception {
        try (Doors patient = Doors.open("--syncline.api.patience=30s", "--syncline.api.waiters=1", "--server.tomcat.threads.max=3")) {
            String operator = patient.key("op", "acme", Role.OPERATOR);
            CompletableFuture<Answered> waiting = CompletableFuture.supplyAsync(() -> patient.post("/api/sync/slow/full", operator, null));
            assertThat(patient.runs.waits.poll(60, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(30));

            assertThat(patient.post("/api/sync/slow/full", operator, null).status()).isEqualTo(202);
            assertThat(patient.runs.waits.poll()).isEqualTo(Duration.ZERO);
            assertThat(patient.get("/api/v1/runs/1", operator).status()).isEqualTo(200);

            patient.runs.end();
            assertThat(waiting.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    private static RunRequest last() {
        return doors.runs.requests.get(doors.runs.requests.size() - 1);
    }
}
