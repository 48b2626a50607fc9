package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.config.Configuration;
import io.syncline.conflict.Resolving;
import io.syncline.conflict.Wanted;
import io.syncline.deliver.Unsent;
import io.syncline.promises.Visitor.Answered;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 17 between a decision and the publish that makes it true, and promise 29 for conflicts. */
class ConflictRacesTest extends AtTheDesk {
    /** Decides while nothing can be published, does something meanwhile, and answers what became of the decision. */
    private static Answered meanwhile(long conflict, String body, Runnable work) throws SQLException {
        String seen = desk.look(conflict).tag();
        try (Connection publisher = DriverManager.getConnection(book.database)) {
            publisher.setAutoCommit(false);
            publisher.createStatement().execute("select 1 from syncline.turn where sync = 'pricebook' and organisation = 'default' for update");
            CompletableFuture<Answered> decided = CompletableFuture.supplyAsync(() -> desk.decide(desk.ann, conflict, seen, body));
            until(() -> book.count("syncline.conflict where id = ? and decided is not null", conflict) == 1);
            work.run();
            publisher.rollback();
            return decided.join();
        }
    }

    @Test
    void whatIsEditedBetweenADecisionAndItsPublishIsNotOverwritten() throws SQLException {
        for (String body : List.of("{\"decision\": \"use_source\"}", "{\"decision\": \"use_local\"}",
                "{\"decision\": \"merged\", \"fields\": {\"price\": 1}}")) {
            long id = desk.inConflict();
            long conflict = desk.conflictOf(id);
            Answered refused = meanwhile(conflict, body, () -> desk.here(id, "price = 26"));
            assertThat(refused.status()).as(refused.text()).isEqualTo(412);
            assertThat(refused.json().path("since").path(0).path("fields").toString()).contains("\"from\":25,\"says\":26");
            assertThat(desk.columns(id, "price, cost, sync_status, has_conflict")).isEqualTo("26|10|conflict|t");
            JsonNode now = desk.look(conflict).json();
            assertThat(now.path("state").asText()).isEqualTo("open");
            assertThat(now.path("waiting").isNull()).isTrue();
            assertThat(now.path("decided").path(0).path("state").asText()).isEqualTo("too-late");
            assertThat(desk.told("conflict-decision-too-late", id)).isOne();
        }
    }

    @Test
    void whoeverLooksMeanwhileSeesWhatWaitsAndCannotDecideBeside() throws SQLException {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        String before = desk.look(conflict).tag();
        Answered decided = meanwhile(conflict, "{\"decision\": \"use_source\"}", () -> {
            JsonNode now = desk.look(conflict).json();
            assertThat(now.path("waiting").path("by").asText()).isEqualTo("ann");
            Answered beside = desk.decide(desk.ben, conflict, before, "{\"decision\": \"use_local\"}");
            assertThat(beside.status()).isEqualTo(412);
            assertThat(beside.json().path("since").toString()).contains("Somebody decided about it", "ann");
            assertThat(desk.decide(desk.ben, conflict, now.path("etag").asText(), "{\"decision\": \"use_local\"}").code()).isEqualTo("being-settled");
        });
        assertThat(decided.status()).isEqualTo(200);
        assertThat(desk.columns(id, "price, sync_status")).isEqualTo("30|synced");
    }

    @Test
    void ofTwoDecisionsAtOnceOneWins() {
        for (int round = 0; round < 5; round++) {
            long id = desk.inConflict();
            long conflict = desk.conflictOf(id);
            String seen = desk.look(conflict).tag();
            List<CompletableFuture<Answered>> both = Stream.of(desk.ann, desk.ben).map(who -> CompletableFuture.supplyAsync(() ->
                    desk.decide(who, conflict, seen, who == desk.ann ? "{\"decision\": \"use_source\"}" : "{\"decision\": \"use_local\"}"))).toList();
            List<Integer> answers = both.stream().map(each -> each.join().status()).sorted().toList();
            assertThat(answers).containsExactly(200, 412);
            boolean ann = both.get(0).join().status() == 200;
            assertThat(desk.columns(id, "price, sync_status")).isEqualTo(ann ? "30|synced" : "25|pending_push");
            assertThat(book.count("syncline.resolution where conflict_id = ?", conflict)).isOne();
        }
    }

    /** Each of what a decision is about, also what no system of ours happens to move alone: the publish leaves alone what is not as it was decided about. */
    @ParameterizedTest
    @ValueSource(strings = {"conflict set theirs_hash = '\\x00'", "conflict set theirs_version = 7", "conflict set theirs_modified_on = clock_timestamp()",
            "row set revision = revision + 1", "row set document = ''", "row set st_mapping = 0"})
    void aDecisionIsMadeTrueOnlyOfWhatItWasAbout(String moved) {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        take(conflict);
        String row = book.one("select format('document = %L, revision = %s, st_mapping = %s', document, revision, st_mapping) from pricebook.materials where"
                + " st_id = ?", String.class, Long.toString(id));
        behindTheBack(moved.startsWith("row") ? "pricebook.materials" + moved.substring(3) + " where st_id = '" + id + "'"
                : "syncline." + moved + " where id = " + conflict);
        book.syncline.run(RunningSyncline.request("pricebook", Mode.PUSH));
        behindTheBack("pricebook.materials set " + row + " where st_id = '" + id + "'");
        assertThat(book.one("select concat_ws('|', state, decided is null) from syncline.conflict where id = ?", String.class, conflict)).isEqualTo("open|t");
        assertThat(desk.columns(id, "price, cost, sync_status")).isEqualTo("25|10|conflict");
        assertThat(desk.told("conflict-decision-too-late", id)).isOne();
    }

    private static void behindTheBack(String update) {
        book.sql().sql("set session_replication_role = replica; update " + update + "; set session_replication_role = origin").update();
    }

    private static long take(long conflict) {
        return book.syncline.bean(Resolving.class).take(book.syncline.bean(Configuration.class).syncs().get("pricebook"), "default", conflict,
                new Wanted(Wanted.How.THEIRS, Map.of(), Map.of(), null), null, "ann").orElseThrow();
    }

    /** A later showing that says nothing else has another time: who decided has not seen that it was changed and changed back. */
    @Test
    void whatTheSideShowsBetweenADecisionAndItsPublishIsNotDecidedAbout() {
        for (String shown : List.of("{\"price\": 31}", "{\"price\": 30}")) {
            long id = desk.inConflict();
            long conflict = desk.conflictOf(id);
            take(conflict);
            desk.there(id, shown);
            book.incremental();
            book.syncline.run(RunningSyncline.request("pricebook", Mode.PUSH));
            assertThat(desk.settled(conflict)).as(shown).isEqualTo("open|f");
            assertThat(desk.columns(id, "price, sync_status")).isEqualTo("25|conflict");
            assertThat(desk.told("conflict-decision-too-late", id)).isOne();
        }
    }

    /** Whoever asked may be gone before the run that makes the decision true was asked for. */
    @Test
    void aDecisionThatNobodyWaitsForIsFoundAndMade() {
        long id = desk.inConflict();
        take(desk.conflictOf(id));
        List<RunRequest> waiting = book.syncline.bean(Unsent.class).waiting();
        assertThat(waiting).hasSize(1);
        book.syncline.run(waiting.get(0));
        assertThat(desk.settled(desk.conflictOf(id))).isEqualTo("settled|theirs|ann|t");
        assertThat(book.syncline.bean(Unsent.class).waiting()).isEmpty();
    }

    @Test
    void aDecisionStaysAsItWasMade() {
        long conflict = desk.conflictOf(desk.inConflict());
        assertThat(desk.decide(conflict, "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        for (String change : List.of("update syncline.resolution set actor = 'ben'", "update syncline.resolution set ours = '', base = '', theirs = ''",
                "delete from syncline.resolution", "truncate syncline.resolution cascade")) {
            assertThatThrownBy(() -> book.sql().sql(change).update()).as(change).hasStackTraceContaining("is refused");
        }
    }

    @Test
    void whatWasDecidedAboutGoesWhenTheRecordIsErased() {
        long id = desk.inConflict();
        assertThat(desk.decide(desk.conflictOf(id), "{\"decision\": \"merged\", \"fields\": {\"price\": 27}, \"reason\": \"Mr Smith said so\"}").status())
                .isEqualTo(200);
        book.sandbox.remove(Entity.MATERIALS, id);
        book.full();
        assertThat(desk.decide(desk.conflictOf(id), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        Visitor admin = Visitor.of(book.syncline, "ada", "default", Role.ADMIN);
        Answered erased = admin.post("/api/v1/syncs/pricebook/entities/materials/records/" + id + "/erase", "{\"reason\": \"asked for\"}");
        assertThat(erased.status()).as(erased.text()).isEqualTo(200);
        assertThat(book.sql().sql("select concat(base, theirs, ours, merged, reason) from syncline.resolution where key = ?").param(Long.toString(id))
                .query(String.class).list()).containsExactly("", "");
        assertThat(desk.look(desk.conflictOf(id)).status()).isEqualTo(200);
    }

    /** Promise 29. */
    @Test
    void anotherOrganisationsConflictIsAnsweredLikeNone() {
        long conflict = desk.conflictOf(desk.inConflict());
        String seen = desk.look(conflict).tag();
        Visitor stranger = Visitor.of(book.syncline, "eve", "elsewhere", Role.ADMIN);
        for (String path : List.of(ConflictDesk.CONFLICTS, ConflictDesk.CONFLICTS + "/" + conflict, ConflictDesk.CONFLICTS + "/987654321")) {
            assertThat(stranger.get(path).status()).isEqualTo(404);
        }
        assertThat(stranger.send("POST", ConflictDesk.CONFLICTS + "/" + conflict + "/resolution", "{\"decision\": \"use_source\"}", "If-Match", seen).status())
                .isEqualTo(404);
        assertThat(stranger.post("/api/sync/pricebook/resolve-conflict/" + conflict, "{\"resolution\": \"use_st\"}").status()).isEqualTo(404);
        assertThat(RunningSyncline.json(desk.look(conflict).text()).path("state").asText()).isEqualTo("open");
    }
}
