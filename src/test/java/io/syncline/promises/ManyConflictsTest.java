package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.Role;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static io.syncline.promises.Pricebook.counts;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 16 for decisions about many conflicts: what was shown is what is decided about, what has moved is left alone and named. And the list of them. */
class ManyConflictsTest extends AtTheDesk {
    private static int next = 700_000;

    private List<Long> ids;

    /** Six materials in conflict about their price, the last two about their cost, too; all others of before are settled. */
    @BeforeEach
    void sixConflicts() {
        ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add((long) next++);
            book.sandbox.put(Entity.MATERIALS, ids.get(i), "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20}");
        }
        book.incremental();
        book.sandbox.clock().advance(Duration.ofHours(1));
        ids.forEach(id -> desk.here(id, "price = 25"));
        ids.subList(4, 6).forEach(id -> desk.here(id, "cost = 12"));
        ids.forEach(id -> book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 30, \"cost\": 11}"));
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 6);
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    private Answered bulk(String body) {
        return desk.ann.post(ConflictDesk.CONFLICTS + "/resolutions", body);
    }

    private JsonNode shown(String decision) {
        Answered preview = bulk("{\"dryRun\": true, \"filter\": {\"entity\": \"materials\", \"key\": \"70\"}, " + decision + "}");
        assertThat(preview.status()).as(preview.text()).isEqualTo(200);
        return preview.json();
    }

    private JsonNode applied(JsonNode preview) {
        Answered applied = bulk("{\"token\": \"" + preview.path("token").asText() + "\"}");
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        return applied.json();
    }

    private long open() {
        return book.count("syncline.conflict where state = 'open'");
    }

    @Test
    void whatTheSystemSaysIsTakenForAllThatWereShown() {
        JsonNode preview = shown("\"decision\": \"use_source\", \"reason\": \"the new list\"");
        assertThat(preview.path("conflicts").asInt()).isEqualTo(6);
        assertThat(preview.path("actions").toString()).isEqualTo("{\"here\":{\"update\":6},\"there\":{\"nothing\":6}}");
        assertThat(preview.path("fields").toString()).contains("{\"entity\":\"materials\",\"field\":\"price\",\"here\":6,\"there\":0,\"stays\":0}",
                "{\"entity\":\"materials\",\"field\":\"cost\",\"here\":6,\"there\":0,\"stays\":0}");
        assertThat(preview.path("first")).hasSize(6);
        assertThat(preview.path("first").path(0).path("outlook").path("here").path("fields").findValuesAsText("field")).contains("price", "cost");
        assertThat(book.count("syncline.resolution where preview = ?::uuid", preview.path("token").asText())).as("nothing is decided yet").isZero();

        JsonNode applied = applied(preview);
        assertThat(applied.path("made").asInt()).isEqualTo(6);
        assertThat(applied.path("moved").asInt()).isZero();
        assertThat(open()).isZero();
        ids.forEach(id -> assertThat(desk.columns(id, "price, cost, sync_status")).isEqualTo("30|11|synced"));
        assertThat(book.count("syncline.activity where action = 'conflict-decided' and actor = 'ann' and key = any(?)",
                (Object) ids.stream().map(String::valueOf).toArray(String[]::new))).isEqualTo(6);
        assertThat(bulk("{\"token\": \"" + preview.path("token").asText() + "\"}").code()).isEqualTo("already-applied");
    }

    @Test
    void whatHasMovedSinceItWasShownIsLeftAloneAndNamed() {
        JsonNode preview = shown("\"decision\": \"use_local\"");
        assertThat(preview.path("actions").toString()).isEqualTo("{\"here\":{\"nothing\":6},\"there\":{\"update\":6}}");
        assertThat(preview.path("fields").toString()).contains("{\"entity\":\"materials\",\"field\":\"price\",\"here\":0,\"there\":6,\"stays\":0}");
        desk.here(ids.get(0), "price = 26");
        desk.there(ids.get(1), "{\"price\": 31}");
        book.incremental();
        assertThat(desk.decide(desk.conflictOf(ids.get(2)), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        JsonNode applied = applied(preview);
        assertThat(applied.path("made").asInt()).isEqualTo(3);
        assertThat(applied.path("moved").asInt()).isEqualTo(3);
        assertThat(applied.path("movedFirst").toString()).contains("edited here", "the other side has moved", "settled by ann");
        assertThat(desk.columns(ids.get(0), "price, sync_status")).isEqualTo("26|conflict");
        assertThat(desk.columns(ids.get(3), "price, sync_status, st_base::jsonb ->> 'price'")).isEqualTo("25|pending_push|30");
        assertThat(open()).isEqualTo(2);
        applied(shown("\"decision\": \"use_source\""));
    }

    /** Each of what was shown by itself: a preview decides about nothing that it did not show. */
    @Test
    void whateverMovedOfARecordSinceItWasShownItIsLeftAlone() {
        JsonNode preview = shown("\"decision\": \"use_source\"");
        List<String> moved = List.of("theirs_hash = '\\x00'", "theirs_version = 7", "theirs_modified_on = clock_timestamp()");
        for (int i = 0; i < moved.size(); i++) {
            book.sql().sql("update syncline.conflict set " + moved.get(i) + " where id = ?").param(desk.conflictOf(ids.get(i))).update();
        }
        JsonNode applied = applied(preview);
        assertThat(applied.path("made").asInt()).isEqualTo(3);
        assertThat(applied.path("moved").asInt()).isEqualTo(3);
        assertThat(applied.path("movedFirst").findValuesAsText("why")).containsOnly("the other side has moved since it was shown");
        assertThat(open()).isEqualTo(3);
        applied(shown("\"decision\": \"use_source\""));
        assertThat(open()).isZero();
    }

    @Test
    void aMergeTakesASideForEachFieldThatBothChangedAndLeavesOthersOut() {
        JsonNode preview = shown("\"decision\": \"merged\", \"take\": {\"price\": \"ours\"}");
        assertThat(preview.path("conflicts").asInt()).isEqualTo(4);
        assertThat(preview.path("leftOut").toString()).contains("both sides changed cost", "\"conflicts\":2");
        assertThat(preview.path("fields").toString()).contains("{\"entity\":\"materials\",\"field\":\"cost\",\"here\":4,\"there\":0,\"stays\":0}",
                "{\"entity\":\"materials\",\"field\":\"price\",\"here\":0,\"there\":4,\"stays\":0}");
        assertThat(applied(preview).path("made").asInt()).isEqualTo(4);
        assertThat(desk.columns(ids.get(0), "price, cost, sync_status, local_modified_by")).isEqualTo("25|11|pending_push|ann");
        assertThat(desk.columns(ids.get(5), "price, cost, sync_status")).isEqualTo("25|12|conflict");
        applied(shown("\"decision\": \"merged\", \"take\": {\"price\": \"theirs\", \"cost\": \"base\"}"));
        assertThat(desk.columns(ids.get(5), "price, cost, sync_status")).isEqualTo("30|10|pending_push");
        assertThat(open()).isZero();
    }

    /** Whoever says whose value a field gets in many records has not seen which of them only one side changed. */
    @Test
    void whatOneSideAloneChangedStaysAsItHasItWhateverIsTaken() {
        desk.here(ids.get(0), "display_name = 'Ours'");
        JsonNode preview = shown("\"decision\": \"merged\", \"take\": {\"price\": \"ours\", \"cost\": \"base\", \"display_name\": \"theirs\"}");
        assertThat(preview.path("conflicts").asInt()).isEqualTo(6);
        assertThat(preview.path("fields").toString()).contains("{\"entity\":\"materials\",\"field\":\"cost\",\"here\":6,\"there\":2,\"stays\":4}",
                "{\"entity\":\"materials\",\"field\":\"display_name\",\"here\":0,\"there\":1,\"stays\":1}");
        assertThat(applied(preview).path("made").asInt()).isEqualTo(6);
        assertThat(desk.columns(ids.get(0), "price, cost, display_name")).as("it alone was renamed, and there alone the cost was changed")
                .isEqualTo("25|11|Ours");
        assertThat(desk.columns(ids.get(5), "price, cost, display_name")).as("both changed the cost").isEqualTo("25|10|Pump");
    }

    /** PostgreSQL counts, and Java shows the first of them: the two say the same of records of every sort, and so does what is made of them. */
    @Test
    void whatIsCountedIsWhatEachIsShownToDoAndWhatBecomesOfIt() {
        applied(shown("\"decision\": \"use_source\""));
        Random dice = new Random(6);
        List<Long> categories = book.sql().sql("select st_id::bigint from pricebook.categories where deleted_at is null order by 1 limit 3").query(Long.class)
                .list();
        for (String decision : List.of("\"decision\": \"use_source\"", "\"decision\": \"use_local\"", "\"decision\": \"merged\", \"take\":"
                + " {\"price\": \"theirs\", \"cost\": \"base\", \"categories\": \"ours\"}", "\"decision\": \"merged\", \"take\":"
                + " {\"price\": \"ours\", \"cost\": \"theirs\", \"categories\": \"theirs\", \"description\": \"base\"}")) {
            for (int i = 0; i < 12; i++) {
                changeBoth(dice, categories);
            }
            book.incremental();
            JsonNode preview = shown(decision);
            assertThat(preview.path("first").size()).as(decision).isEqualTo(preview.path("conflicts").asInt()).isGreaterThan(6);
            for (String side : List.of("here", "there")) {
                Map<String, Integer> counted = new TreeMap<>();
                preview.path("fields").forEach(field -> counted.merge(field.path("field").asText(), field.path(side).asInt(), Integer::sum));
                counted.values().removeIf(count -> count == 0);
                Map<String, Integer> shown = new TreeMap<>();
                preview.path("first").forEach(one -> one.path("outlook").path(side).path("fields")
                        .forEach(field -> shown.merge(field.path("field").asText(), 1, Integer::sum)));
                assertThat(counted).as(side + " " + decision).isEqualTo(shown);
            }
            assertThat(applied(preview).path("made").asInt()).isEqualTo(preview.path("conflicts").asInt());
            preview.path("first").forEach(one -> one.path("outlook").path("here").path("fields").forEach(field -> assertThat(book.one(
                    "select coalesce(document::jsonb -> ?, 'null') = ?::jsonb from pricebook.materials where st_id = ?", Boolean.class,
                    field.path("field").asText(), field.path("says").toString(), one.path("key").asText())).as(decision + field + one.path("key")).isTrue()));
            applied(shown("\"decision\": \"use_source\""));
            assertThat(open()).isZero();
        }
    }

    /** A material whose fields the dice change here, there, on both sides to another or to the same, or on none. */
    private void changeBoth(Random dice, List<Long> categories) {
        long id = next++;
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"description\": \"x\", \"cost\": 10, \"price\": 20,"
                + " \"categories\": [" + categories.get(0) + "]}");
        book.incremental();
        book.sandbox.clock().advance(Duration.ofHours(1));
        String[] values = {"20", "25", "30"};
        desk.here(id, "price = " + values[1 + dice.nextInt(2)] + ", cost = " + (10 + dice.nextInt(2)) + ", description = '" + "xy".charAt(dice.nextInt(2))
                + "', categories = '[" + categories.get(dice.nextInt(3)) + "]'");
        if (dice.nextInt(6) == 0) {
            book.sql().sql("delete from pricebook.materials where st_id = ?").param(Long.toString(id)).update();
        }
        String gone = dice.nextInt(6) == 0 ? ", \"active\": false" : "";
        desk.there(id, "{\"price\": " + values[dice.nextInt(3)] + ", \"cost\": " + (10 + dice.nextInt(2)) + ", \"description\": \""
                + "xz".charAt(dice.nextInt(2)) + "\", \"categories\": [" + categories.get(dice.nextInt(3)) + "]" + gone + "}");
    }

    /** An edit that would be refused is told of in the preview, and not in the middle of the decision. */
    @Test
    void whatWouldSendANullThatTheSystemTakesNotIsLeftOut() {
        long never = next++;
        long unsaid = next++;
        for (long id : List.of(never, unsaid)) {
            book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20, \"memberPrice\": null}");
        }
        book.incremental();
        book.sandbox.clock().advance(Duration.ofHours(1));
        desk.here(never, "price = 25, member_price = 8");
        desk.here(unsaid, "price = 25");
        desk.there(never, "{\"price\": 30, \"memberPrice\": 9}");
        desk.there(unsaid, "{\"price\": 30, \"memberPrice\": 9}");
        book.incremental();
        String why = "member_price cannot be null: ServiceTitan takes none for it. Say what it is to say, in a merge.";
        JsonNode preview = shown("\"decision\": \"merged\", \"take\": {\"price\": \"ours\", \"cost\": \"theirs\", \"member_price\": \"base\"}");
        assertThat(preview.path("conflicts").asInt()).isEqualTo(7);
        assertThat(preview.path("leftOut").toString()).isEqualTo("[{\"why\":\"" + why + "\",\"conflicts\":1}]");
        assertThat(preview.path("first").findValuesAsText("key")).hasSize(7).doesNotContain(Long.toString(never));
        assertThat(desk.decide(desk.conflictOf(never), "{\"decision\": \"merged\", \"take\": {\"price\": \"ours\", \"member_price\": \"base\"}}").text())
                .as("as one decision about it is refused").contains("member_price cannot be null");
        assertThat(shown("\"decision\": \"use_local\"").path("leftOut").toString()).as("one row says null, the system nine")
                .isEqualTo("[{\"why\":\"" + why + "\",\"conflicts\":1}]");
        assertThat(desk.decide(desk.conflictOf(never), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        applied(shown("\"decision\": \"merged\", \"take\": {\"price\": \"ours\", \"cost\": \"theirs\"}"));
        assertThat(open()).isZero();
    }

    @Test
    void nothingIsDecidedThatWasNotShown() {
        assertThat(bulk("{\"filter\": {}, \"decision\": \"use_source\"}").status()).isEqualTo(400);
        assertThat(bulk("{\"dryRun\": true, \"filter\": {\"id\": 1}, \"decision\": \"use_source\"}").status()).isEqualTo(400);
        assertThat(bulk("{\"dryRun\": true, \"decision\": \"use_source\", \"take\": {\"price\": \"ours\"}}").status()).isEqualTo(400);
        assertThat(bulk("{\"token\": \"6f1c2a34-58f0-4d2e-9a51-0f7b7c1f8e11\"}").status()).isEqualTo(404);
        assertThat(bulk("{\"token\": \"6f1c2a34-58f0-4d2e-9a51-0f7b7c1f8e11\", \"decision\": \"use_local\"}").status()).isEqualTo(400);
        JsonNode preview = shown("\"decision\": \"use_source\"");
        Visitor stranger = Visitor.of(book.syncline, "eve-" + next, "elsewhere", Role.ADMIN);
        assertThat(stranger.post(ConflictDesk.CONFLICTS + "/resolutions", "{\"token\": \"" + preview.path("token").asText() + "\"}").status()).isEqualTo(404);
        book.sql().sql("update syncline.resolution_preview set expires_at = clock_timestamp() - interval '1 second' where token = ?::uuid")
                .param(preview.path("token").asText()).update();
        assertThat(bulk("{\"token\": \"" + preview.path("token").asText() + "\"}").status()).isEqualTo(410);
        assertThat(open()).isEqualTo(6);
        applied(shown("\"decision\": \"use_source\""));
    }

    @Test
    void theListIsFilteredCountedAndReadStepByStep() {
        JsonNode list = desk.vera.get(ConflictDesk.CONFLICTS + "?entity=materials&limit=4").json();
        assertThat(list.path("counts").path("state").path("open").asInt()).isEqualTo(6);
        assertThat(list.path("counts").path("field").toString()).isEqualTo("{\"price\":6,\"cost\":2}");
        assertThat(list.path("items")).hasSize(4);
        assertThat(list.path("items").path(0).path("title").asText()).isEqualTo("Pump");
        JsonNode rest = desk.vera.get(ConflictDesk.CONFLICTS + "?entity=materials&limit=4&cursor=" + list.path("next").asText()).json();
        assertThat(rest.path("items")).hasSize(2);
        assertThat(rest.path("next").isNull()).isTrue();
        assertThat(desk.vera.get(ConflictDesk.CONFLICTS + "?field=cost").json().path("items")).hasSize(2);
        assertThat(desk.vera.get(ConflictDesk.CONFLICTS + "?key=" + ids.get(0)).json().path("items")).hasSize(1);
        assertThat(desk.vera.get(ConflictDesk.CONFLICTS + "?kind=deleted-there").json().path("items")).isEmpty();
        assertThat(desk.vera.get(ConflictDesk.CONFLICTS + "?state=none").status()).isEqualTo(400);
        applied(shown("\"decision\": \"use_source\""));
        JsonNode settled = desk.vera.get(ConflictDesk.CONFLICTS + "?state=settled&settledBy=ann&key=" + ids.get(0)).json();
        assertThat(settled.path("items").path(0).path("settled").path("how").asText()).isEqualTo("theirs");
        assertThat(desk.vera.get(ConflictDesk.CONFLICTS + "?state=all&key=" + ids.get(0)).json().path("items")).hasSize(1);
    }
}
