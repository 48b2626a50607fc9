package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.cli.Cli;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 2, 16, 19 and 20 where a run is taken back: it goes forward, names what has moved, and the next run neither undoes nor skips anything. */
class RollbackTest {
    private static final String REASON = "the price list of last year had come again";
    private static final long CHANGED = 900_001;
    private static final long ALSO_CHANGED = 900_002;
    private static final long EDITED = 900_003;
    private static final long WRITTEN = 900_004;
    private static final long DELETED = 900_005;
    private static final long RESTORED = 900_006;
    private static final long SEALED_ONLY = 900_007;
    private static final long MADE = 900_101;

    @TempDir
    private Path folder;
    private Pricebook book;
    private Map<String, String> before;
    private JsonNode wrong;

    /** A run that changes, makes, deletes and brings back. */
    @BeforeEach
    void aRunThatShouldNotHaveBeen() {
        book = Pricebook.open(folder);
        for (long id = CHANGED; id <= SEALED_ONLY; id++) {
            material(id, 20);
        }
        book.full();
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.remove(Entity.MATERIALS, RESTORED);
        book.full();
        before = live("materials");
        book.sandbox.clock().advance(Duration.ofHours(1));
        List.of(CHANGED, ALSO_CHANGED, EDITED, WRITTEN, RESTORED, MADE).forEach(id -> material(id, 99));
        book.sandbox.remove(Entity.MATERIALS, DELETED);
        edit(SEALED_ONLY, "price = 21");
        wrong = book.full();
        assertThat(counts(wrong, "materials")).containsEntry("update", 4).containsEntry("create", 1).containsEntry("delete", 1).containsEntry("restore", 1);
    }

    @AfterEach
    void stop() {
        book.close();
    }

    private void material(long id, int price) {
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": " + price + "}");
    }

    private void edit(long id, String assignments) {
        assertThat(book.sql().sql("update pricebook.materials set " + assignments + " where st_id = ?").param(Long.toString(id)).update()).isOne();
    }

    private static long number(JsonNode report) {
        return report.path("run").asLong();
    }

    private JsonNode asked(int status, String method, String path, String body) {
        HttpResponse<String> answer = book.syncline.call(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningSyncline.json(answer.body());
    }

    /** The plan, when its run has ended. */
    private JsonNode planned(long run) {
        JsonNode ticket = asked(202, "POST", "/api/v1/runs/" + run + "/rollback", "{\"reason\": \"" + REASON + "\"}");
        Pricebook.until(() -> asked(200, "GET", ticket.path("href").asText(), null).has("finishedAt"));
        return Pricebook.checked(asked(200, "GET", ticket.path("href").asText(), null));
    }

    private JsonNode applied(JsonNode plan) {
        JsonNode report = Pricebook.checked(asked(200, "POST", "/api/v1/plans/" + number(plan) + "/apply", null));
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        return report;
    }

    private Map<String, String> live(String entity) {
        Map<String, String> documents = new TreeMap<>();
        book.sql().sql("select st_id, document from pricebook." + entity + "_live").query(row -> { documents.put(row.getString(1), row.getString(2)); });
        return documents;
    }

    /** Every byte that time travel answers for every snapshot. */
    private Map<String, String> everySnapshot(long upTo) {
        Map<String, String> all = new TreeMap<>();
        for (long snapshot : book.sql().sql("select id from syncline.snapshot where id between 1 and ? order by id").param(upTo).query(Long.class).list()) {
            all.put(Long.toString(snapshot), book.one("select coalesce(string_agg(v::text, E'\\n' order by row_id), '')"
                    + " from pricebook.materials_as_of_snapshot(?) v", String.class, snapshot));
        }
        return all;
    }

    private JsonNode erased(int status, long id) {
        return asked(status, "POST", "/api/v1/syncs/pricebook/entities/materials/records/" + id + "/erase", "{\"reason\": \"asked for, ticket 4711\"}");
    }

    /** There it is deleted already, so nobody can have it deleted there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheSourceHasDeletedAndARollbackBroughtBackCanBeErased(boolean takenBack) {
        JsonNode applied = applied(planned(number(wrong)));
        book.full();
        assertThat(live("materials")).containsKey(Long.toString(DELETED));
        JsonNode refused = erased(409, DELETED);
        assertThat(refused.path("code").asText()).isEqualTo("kept-by-rollback");
        assertThat(refused.path("detail").asText()).contains("/runs/" + number(applied) + "/rollback", "with repair").doesNotContain("Have it deleted there");
        if (takenBack) {
            applied(planned(number(applied)));
        } else {
            book.syncline.run(new RunRequest("pricebook", "default", Mode.FULL, false, null, null, null, true, null, "test", "test"));
        }
        assertThat(live("materials")).doesNotContainKey(Long.toString(DELETED));
        assertThat(erased(200, DELETED).path("versions").asInt()).isPositive();
        assertThat(erased(409, CHANGED).path("code").asText()).isEqualTo("still-there");
        assertThat(brokenChain()).isEmpty();
    }

    @Test
    void whatARollbackDeletedCanBeErasedOnceItsSourceHasDeletedIt() {
        applied(planned(number(wrong)));
        assertThat(erased(409, MADE).path("detail").asText()).contains("last showed it");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.remove(Entity.MATERIALS, MADE);
        book.full();
        assertThat(erased(200, MADE).path("versions").asInt()).isPositive();
        assertThat(brokenChain()).isEmpty();
    }

    private List<String> brokenChain() {
        return book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list();
    }

    private static Map<String, String> named(JsonNode report) {
        Map<String, String> named = new TreeMap<>();
        RunningSyncline.entity(report, "materials").path("setAside").forEach(row -> named.put(row.path("key").asText(), row.path("reason").asText()));
        return named;
    }

    @Test
    void whatARunDidIsTakenBackByteForByteAndWhatMovedSinceIsNamed() {
        edit(EDITED, "price = 77");
        material(WRITTEN, 98);
        JsonNode later = book.incremental();
        long newest = book.one("select max(id) from syncline.snapshot", Long.class);
        Map<String, String> told = everySnapshot(newest);
        Instant mark = book.mark("materials");
        List<String> stored = book.everythingStored();

        JsonNode plan = planned(number(wrong));
        assertThat(state(plan)).isEqualTo("planned");
        assertThat(plan.path("mode").asText()).isEqualTo("rollback");
        assertThat(plan.path("rollsBack").asLong()).isEqualTo(number(wrong));
        assertThat(plan.path("reason").asText()).isEqualTo(REASON);
        assertThat(counts(plan, "materials")).isEqualTo(Map.of("update", 2, "delete", 2, "restore", 1, "moved", 2));
        assertThat(named(plan)).isEqualTo(Map.of(Long.toString(EDITED), "edited here since, by " + book.one("select session_user", String.class),
                Long.toString(WRITTEN), "run " + number(later) + " has written it since"));
        JsonNode rows = asked(200, "GET", "/api/v1/plans/" + number(plan) + "/rows?entity=materials&moved=true", null).path("items");
        assertThat(rows.findValuesAsText("key")).containsExactly(Long.toString(EDITED), Long.toString(WRITTEN));
        assertThat(asked(200, "GET", "/api/v1/plans/" + number(plan) + "/rows?key=" + CHANGED, null).toString())
                .contains("\"reason\":\"run " + number(wrong) + " changed it\"", "{\"field\":\"price\",\"before\":99,\"after\":20}");
        assertThat(book.everythingStored()).as("a plan writes nothing").isEqualTo(stored);

        JsonNode report = applied(plan);
        assertThat(counts(report, "materials")).isEqualTo(counts(plan, "materials"));
        assertThat(report.path("rollsBack").asLong()).isEqualTo(number(wrong));
        assertThat(report.path("reason").asText()).isEqualTo(REASON);
        assertThat(named(report)).isEqualTo(named(plan));
        Map<String, String> expected = new TreeMap<>(before);
        for (long left : List.of(EDITED, WRITTEN, SEALED_ONLY)) {
            assertThat(live("materials").get(Long.toString(left))).isNotEqualTo(before.get(Long.toString(left)));
            expected.put(Long.toString(left), live("materials").get(Long.toString(left)));
        }
        assertThat(live("materials")).isEqualTo(expected);
        assertThat(book.columns("materials", SEALED_ONLY, "price, sync_status")).as("what a person did, a run's rollback leaves").isEqualTo("21|pending_push");
        assertThat(everySnapshot(newest)).isEqualTo(told);
        assertThat(brokenChain()).isEmpty();
        assertThat(book.mark("materials")).isEqualTo(mark);
        assertThat(book.sql().sql("select action || ': ' || detail from syncline.activity where run_id in (?, ?) order by id")
                .params(number(plan), number(report)).query(String.class).list())
                .satisfiesExactly(first -> assertThat(first).startsWith("rollback-planned: ").contains(REASON),
                        second -> assertThat(second).startsWith("plan-applied: ").contains("rolls back run " + number(wrong) + ": " + REASON));
        assertThat(asked(409, "POST", "/api/v1/plans/" + number(plan) + "/apply", null).path("code").asText()).isEqualTo("already-applied");
    }

    @Test
    void theCommandShowsThePlanNamesWhatMovedAndEndsWithTwo() {
        edit(EDITED, "price = 77");
        assertThat(told("rollback", Long.toString(number(wrong)), "--reason", REASON))
                .startsWith("2 Run " + (number(wrong) + 1) + " (rollback): planned")
                .containsPattern(CHANGED + " +update +.*price: 99 -> 20").containsPattern(EDITED + " +moved +edited here since, by ")
                .contains("Make it true with: syncline apply " + (number(wrong) + 1));
        assertThat(told("apply", Long.toString(number(wrong) + 1))).startsWith("0 ");
        assertThat(told("rollback", Long.toString(number(wrong)), "--reason", REASON)).as("all of it has moved now").startsWith("0 ")
                .contains("run " + (number(wrong) + 2) + " has written it since").doesNotContain("Make it true");
        assertThat(told("rollback", Long.toString(number(wrong) + 1), "--reason", REASON)).startsWith("1 ").contains("only made a plan");
        String why = asked(200, "GET", "/api/v1/syncs/pricebook/entities/materials/records/" + MADE, null).toString();
        assertThat(why).contains("which rolled back run " + number(wrong) + ": " + REASON, "It was deleted here at ");
    }

    private String told(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--url", book.syncline.url(), "--key", RunningSyncline.KEY));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Cli.run(all, stream, stream, none -> { }) + " " + out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theNextRunsNeitherUndoNorSkip() {
        applied(planned(number(wrong)));
        Map<String, String> rolledBack = live("materials");
        List<String> versions = book.sql().sql("select st_id || ' ' || revision from pricebook.materials order by 1").query(String.class).list();
        for (JsonNode run : List.of(book.incremental(), book.full(), book.incrementalSince(Pricebook.MORNING), book.single("materials", CHANGED),
                book.single("materials", MADE), book.single("materials", DELETED), book.full())) {
            assertThat(counts(run, "materials").keySet()).as(run.toPrettyString()).containsOnly("unchanged");
            assertThat(live("materials")).isEqualTo(rolledBack);
        }
        assertThat(book.sql().sql("select st_id || ' ' || revision from pricebook.materials order by 1").query(String.class).list()).as("promise 10")
                .isEqualTo(versions);
        assertThat(book.count("pricebook.materials where sync_status <> 'synced' and st_id <> ?", Long.toString(SEALED_ONLY))).isZero();

        book.sandbox.clock().advance(Duration.ofHours(1));
        material(CHANGED, 100);
        material(MADE, 100);
        material(DELETED, 100);
        book.sandbox.remove(Entity.MATERIALS, ALSO_CHANGED);
        JsonNode newer = book.incremental();
        assertThat(counts(newer, "materials")).containsEntry("update", 2).containsEntry("restore", 1).doesNotContainKey("conflict");
        assertThat(counts(book.full(), "materials")).containsEntry("delete", 1).doesNotContainKey("conflict");
        for (long id : List.of(CHANGED, MADE, DELETED)) {
            assertThat(book.columns("materials", id, "price, deleted_at is null")).isEqualTo("100|t");
        }
        assertThat(live("materials")).doesNotContainKey(Long.toString(ALSO_CHANGED));
        assertThat(brokenChain()).isEmpty();
    }

    @Test
    void aRecordThatOnlyGotANewTimeStaysRolledBackAndIsNotTakenForEdited() {
        applied(planned(number(wrong)));
        book.sandbox.clock().advance(Duration.ofHours(1));
        material(CHANGED, 99);
        material(MADE, 99);
        assertThat(counts(book.incremental(), "materials").keySet()).containsOnly("unchanged");
        assertThat(book.columns("materials", CHANGED, "price, sync_status, st_base is null")).isEqualTo("20|synced|t");
        assertThat(book.columns("materials", MADE, "sync_status, st_base is null, deleted_at is not null")).isEqualTo("synced|t|t");
        book.sandbox.clock().advance(Duration.ofHours(1));
        material(CHANGED, 101);
        assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
        assertThat(brokenChain()).isEmpty();
    }

    @Test
    void aRollbackIsTakenBackLikeAnyRun() {
        Map<String, String> after = live("materials");
        JsonNode rollback = applied(planned(number(wrong)));
        JsonNode again = planned(number(rollback));
        assertThat(counts(again, "materials")).isEqualTo(Map.of("update", 4, "delete", 1, "restore", 2));
        applied(again);
        assertThat(live("materials")).isEqualTo(after);
        assertThat(counts(book.full(), "materials").keySet()).containsOnly("unchanged");
        assertThat(brokenChain()).isEmpty();
    }

    @Test
    void verifyNamesWhatWasRolledBackAndARepairBringsItAgain() {
        Map<String, String> after = live("materials");
        applied(planned(number(wrong)));
        JsonNode verdict = book.run(Mode.VERIFY, false, null, null, null);
        assertThat(counts(verdict, "materials")).containsEntry("different", 5).containsEntry("missing", 2).containsEntry("extra", 1);
        assertThat(verdict.toString()).contains("says what it said before run " + number(wrong) + ", which was rolled back");
        JsonNode repair = book.syncline.run(new RunRequest("pricebook", "default", Mode.FULL, false, null, null, null, true, null, "test", "test"));
        assertThat(state(repair)).isEqualTo("published");
        assertThat(live("materials")).isEqualTo(after);
        assertThat(book.count("syncline.conflict")).as("nobody went around the journal").isZero();
        assertThat(counts(book.full(), "materials").keySet()).containsOnly("unchanged");
        assertThat(brokenChain()).isEmpty();
    }

    @Test
    void onlyWhatWasPublishedCanBeTakenBackAndByItsOwnOrganisation() {
        JsonNode preview = book.dry(Mode.FULL);
        JsonNode plan = planned(number(wrong));
        for (long run : List.of(number(preview), number(plan))) {
            JsonNode refused = asked(422, "POST", "/api/v1/runs/" + run + "/rollback", "{\"reason\": \"x\"}");
            assertThat(refused.path("code").asText()).isEqualTo("nothing-to-roll-back");
            assertThat(refused.path("detail").asText()).contains("only made a plan");
        }
        assertThat(asked(422, "POST", "/api/v1/runs/" + number(book.run(Mode.VERIFY, false, null, null, null)) + "/rollback", "{\"reason\": \"x\"}")
                .path("detail").asText()).contains("published nothing (compared)");
        long under = book.one("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, holder, alive_until, finished_at)
                values ('pricebook', 'default', 'full', 'test', 'test', 'queued', 'nobody', 'infinity', null) returning id""", Long.class);
        assertThat(asked(409, "POST", "/api/v1/runs/" + under + "/rollback", "{\"reason\": \"x\"}").path("code").asText()).isEqualTo("run-under-way");
        book.sql().sql("update syncline.run set finished_at = now(), state = 'failed', organisation = 'other' where id = ?").param(under).update();
        assertThat(asked(404, "POST", "/api/v1/runs/" + under + "/rollback", "{\"reason\": \"x\"}").path("code").asText()).isEqualTo("no-such-run");
        assertThat(asked(400, "POST", "/api/v1/runs/" + number(wrong) + "/rollback", "{\"reason\": \" \", \"run\": 1}").path("errors")).hasSize(2);
    }
}
