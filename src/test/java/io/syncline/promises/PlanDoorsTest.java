package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 16 as a program sees it, over sockets: preview, look at the rows, apply a part, apply the rest, drop. */
class PlanDoorsTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static int next;

    private final List<Long> ids = new ArrayList<>();

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void fiveNewMaterials() {
        book.full();
        book.sandbox.clock().advance(Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            ids.add(850_000L + next++);
            book.sandbox.put(Entity.MATERIALS, ids.get(i), "{\"code\": \"M\", \"price\": 12.50}");
        }
    }

    private static JsonNode asked(int status, String method, String path, String body) {
        HttpResponse<String> answer = book.syncline.call(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? null : RunningSyncline.json(answer.body());
    }

    private static String preview() {
        return "/api/v1/plans/" + asked(200, "POST", "/api/sync/pricebook/full", "{\"dryRun\": true}").path("run").asLong();
    }

    private String row(int which) {
        return "{\"entity\": \"materials\", \"key\": \"" + ids.get(which) + "\"}";
    }

    @Test
    void aPlanIsLookedAtPageByPage() {
        String plan = preview();
        JsonNode shown = asked(200, "GET", plan, null);
        assertThat(shown.path("state").asText()).isEqualTo("kept");
        assertThat(shown.path("entities").findValues("counts").toString()).contains("{\"create\":5}");
        JsonNode newest = asked(200, "GET", "/api/v1/plans?sync=pricebook&limit=1", null).path("items").path(0);
        assertThat(newest.path("id").asLong()).isEqualTo(shown.path("id").asLong());
        List<String> keys = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = asked(200, "GET", plan + "/rows?limit=2&outcome=create&entity=materials&moved=false" + cursor, null);
            page.path("items").forEach(row -> keys.add(row.path("key").asText()));
            assertThat(page.path("items").size()).isLessThanOrEqualTo(2);
            cursor = page.path("next").isNull() ? null : "&cursor=" + page.path("next").asText();
        } while (cursor != null);
        assertThat(keys).containsExactlyInAnyOrderElementsOf(ids.stream().map(id -> Long.toString(id)).toList());
        JsonNode one = asked(200, "GET", plan + "/rows?key=" + ids.get(2), null).path("items");
        assertThat(one.size()).isEqualTo(1);
        assertThat(one.toString()).contains("{\"field\":\"price\",\"after\":12.5}");
        asked(200, "POST", plan + "/apply", null);
    }

    @Test
    void aPartIsAppliedThenTheRestAndNothingTwice() {
        String plan = preview();
        JsonNode part = asked(200, "POST", plan + "/apply", "{\"selection\": {\"rows\": [" + row(0) + ", " + row(1) + "]}}");
        assertThat(part.path("mode").asText()).isEqualTo("apply");
        assertThat(Pricebook.counts(part, "materials")).containsExactly(entry("create", 2));
        JsonNode rest = asked(200, "POST", plan + "/apply", null);
        assertThat(Pricebook.counts(rest, "materials")).containsEntry("create", 3).containsEntry("moved", 2);
        assertThat(RunningSyncline.entity(rest, "materials").path("setAside").path(0).path("reason").asText())
                .isEqualTo("run " + part.path("run").asLong() + " has applied it");
        JsonNode again = asked(409, "POST", plan + "/apply", null);
        assertThat(again.path("code").asText()).isEqualTo("already-applied");
        assertThat(again.path("run")).isEqualTo(rest.path("run"));
        assertThat(asked(200, "GET", plan, null).path("applied").findValuesAsText("state")).containsExactly("published", "published");
        assertThat(asked(200, "GET", again.path("href").asText(), null).path("selection").isNull()).isTrue();
    }

    @Test
    void aPlanThatIsDroppedIsGone() {
        String plan = preview();
        asked(204, "DELETE", plan, null);
        for (JsonNode gone : List.of(asked(410, "GET", plan, null), asked(410, "GET", plan + "/rows", null), asked(410, "POST", plan + "/apply", null),
                asked(410, "DELETE", plan, null))) {
            assertThat(gone.path("code").asText()).isEqualTo("plan-gone");
        }
        assertThat(asked(404, "GET", "/api/v1/plans/999999", null).path("code").asText()).isEqualTo("no-such-plan");
        assertThat(asked(404, "DELETE", "/api/v1/plans/99999999999999999999", null).path("code").asText()).isEqualTo("no-such-plan");
    }

    @Test
    void everyMistakeOfARequestIsNamedAtOnce() {
        String plan = preview();
        JsonNode form = asked(400, "POST", plan + "/apply", "{\"all\": true, \"selection\": "
                + "{\"entities\": \"materials\", \"rows\": [7, {\"entity\": \"materials\"}], \"x\": 1}}");
        assertThat(form.path("errors").findValuesAsText("pointer")).containsExactlyInAnyOrder("/all", "/selection/entities", "/selection/rows/0",
                "/selection/rows/1",
                "/selection/x");
        JsonNode names = asked(400, "POST", plan + "/apply", "{\"selection\": {\"entities\": [\"x\"], \"outcomes\": [\"y\"], \"except\": [" + row(0)
                + ", {\"entity\": \"materials\", \"key\": 1}]}}");
        assertThat(names.path("code").asText()).isEqualTo("invalid-selection");
        assertThat(names.path("errors").findValuesAsText("pointer")).containsExactly("/selection/entities/0", "/selection/outcomes/0", "/selection/except/1");
        assertThat(asked(400, "POST", plan + "/apply", "{\"selection\": {}}").path("detail").asText()).contains("is empty");
        assertThat(asked(400, "POST", plan + "/apply", "{\"selection\": [1]}").path("errors").size()).isEqualTo(1);
        assertThat(asked(400, "GET", plan + "/rows?limit=0&outcome=created&moved=perhaps", null).path("errors").size()).isEqualTo(3);
        for (String cursor : List.of("x", "bnVsbA", "WyJhIl0", "WyJtYXRlcmlhbHMiLCIxIiwibm8gdGlkIl0")) {
            assertThat(asked(400, "GET", plan + "/rows?cursor=" + cursor, null).path("code").asText()).isEqualTo("invalid-cursor");
        }
        asked(204, "DELETE", plan, null);
    }
}
