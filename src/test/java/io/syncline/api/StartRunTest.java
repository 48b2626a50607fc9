package io.syncline.api;

import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class StartRunTest {
    private static Doors doors;
    private static String key;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        key = doors.key("nightly", "acme", Role.OPERATOR);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    private static Answered start(String sync, String body) {
        return doors.post("/api/v1/syncs/" + sync + "/runs", key, body);
    }

    private static RunRequest last() {
        return doors.runs.requests.get(doors.runs.requests.size() - 1);
    }

    @Test
    void theAnswerSaysWhereTheRunIsAndNeverWaits() {
        Answered first = start("slow", "{\"mode\":\"full\"}");
        assertThat(first.status()).isEqualTo(202);
        long run = first.json().path("run").longValue();
        assertThat(first.header("Location")).isEqualTo("/api/v1/runs/" + run);
        assertThat(first.json().toString()).isEqualTo("{\"run\":" + run + ",\"state\":\"running\",\"href\":\"/api/v1/runs/" + run + "\",\"joined\":false}");
        Answered equal = start("slow", "{\"mode\":\"full\",\"dryRun\":false}");
        assertThat(equal.json().path("run").longValue()).isEqualTo(run);
        assertThat(equal.json().path("joined").booleanValue()).isTrue();
        Answered different = start("slow", "{\"mode\":\"incremental\"}");
        assertThat(different.status()).isEqualTo(409);
        assertThat(different.code()).isEqualTo("another-run-is-active");
        assertThat(different.json().path("run").longValue()).isEqualTo(run);
        assertThat(doors.runs.waits).as("nobody waited").isEmpty();
        doors.runs.end();
        assertThat(start("pricebok", "{\"mode\":\"full\"}").code()).isEqualTo("unknown-target");
    }

    @Test
    void theBodySaysWhatTheRunIsLike() {
        start("pricebook", "{\"mode\":\"full\",\"dryRun\":true,\"entity\":\"services\",\"repair\":true}");
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.FULL, true, null, "services", null, true, null, "api", "nightly"));
        start("pricebook", "{\"mode\":\"incremental\",\"since\":\"2026-11-01T01:00:00+01:00\"}");
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.INCREMENTAL, false, Instant.parse("2026-11-01T00:00:00Z"), null, null,
                "api", "nightly"));
        start("pricebook", "{\"mode\":\"record\",\"entity\":\"services\",\"key\":\"a/b ${body}\"}");
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.SINGLE, false, null, "services", "a/b ${body}", "api", "nightly"));
        start("pricebook", "{\"mode\":\"verify\",\"entity\":\"services\",\"dryRun\":null}");
        assertThat(last()).isEqualTo(new RunRequest("pricebook", "acme", Mode.VERIFY, false, null, "services", null, "api", "nightly"));
    }

    @Test
    void whatHasNoMeaningInTheModeIsNamedWithAllOtherMistakes() {
        int before = doors.runs.requests.size();
        assertThat(pointers("")).containsExactly("/mode");
        assertThat(pointers("{\"mode\":\"everything\"}")).containsExactly("/mode");
        assertThat(pointers("{\"mode\":\"full\",\"since\":\"2026-11-01T00:00:00Z\",\"key\":\"1\",\"role\":\"admin\"}"))
                .containsExactlyInAnyOrder("/since", "/key", "/role");
        assertThat(pointers("{\"mode\":\"incremental\",\"since\":\"2926-11-01T00:00:00Z\",\"repair\":true}")).containsExactlyInAnyOrder("/since", "/repair");
        assertThat(pointers("{\"mode\":\"verify\",\"dryRun\":true}")).containsExactly("/dryRun");
        assertThat(pointers("{\"mode\":\"record\"}")).containsExactlyInAnyOrder("/entity", "/key");
        assertThat(start("pricebook", "{\"mode\":\"record\"}").detail()).contains("{\"mode\": \"record\", \"entity\": \"services\", \"key\": \"9404\"}");
        assertThat(doors.runs.requests).hasSize(before);
    }

    private static List<String> pointers(String body) {
        Answered answer = start("pricebook", body);
        assertThat(answer.status()).as(body).isEqualTo(400);
        return answer.json().path("errors").findValuesAsText("pointer");
    }
}
