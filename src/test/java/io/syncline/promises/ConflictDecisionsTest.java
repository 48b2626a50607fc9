package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.syncline.promises.ConflictDesk.outlook;
import static io.syncline.promises.ConflictDesk.value;
import static io.syncline.promises.Pricebook.counts;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 4 and 17 through the doors: what people decide about conflicts is what they saw, and the loser is kept. */
class ConflictDecisionsTest extends AtTheDesk {
    @Test
    void aConflictShowsBothSidesFieldByFieldAndWhatEachDecisionWritesWhere() {
        long id = desk.inConflict();
        Answered looked = desk.look(desk.conflictOf(id));
        JsonNode conflict = looked.json();
        assertThat(looked.tag()).isEqualTo(conflict.path("etag").asText());
        assertThat(conflict.path("title").asText()).isEqualTo("Pump");
        assertThat(conflict.path("theirs").path("name").asText()).isEqualTo("ServiceTitan");
        assertThat(conflict.path("ours").path("changedBy").asText()).isNotEmpty();
        assertThat(value(conflict, "price").toString()).contains("\"base\":20", "\"theirs\":30", "\"ours\":25", "\"disputed\":true");
        assertThat(value(conflict, "cost").toString()).contains("\"base\":10", "\"theirs\":11", "\"ours\":10", "\"merged\":11", "\"disputed\":false");
        JsonNode theirs = outlook(conflict, "use_source");
        assertThat(theirs.path("here").path("action").asText()).isEqualTo("update");
        assertThat(theirs.path("here").path("fields").findValuesAsText("field")).containsExactlyInAnyOrder("price", "cost");
        assertThat(theirs.path("there").path("action").asText()).isEqualTo("nothing");
        JsonNode ours = outlook(conflict, "use_local");
        assertThat(ours.path("here").path("action").asText()).isEqualTo("nothing");
        assertThat(ours.path("there").toString()).contains("\"field\":\"price\",\"to\":\"price\",\"from\":30,\"says\":25");
        assertThat(outlook(conflict, "merged").path("needs").toString()).isEqualTo("[\"price\"]");
        assertThat(conflict.path("versions")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"use_source", "use_st"})
    void whatTheSystemSaysIsTakenAndWhatWasHereIsKept(String decision) {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        Answered decided = desk.decide(conflict, "{\"decision\": \"" + decision + "\", \"reason\": \"the new list\"}");
        assertThat(decided.status()).as(decided.text()).isEqualTo(200);
        assertThat(decided.json().path("state").asText()).isEqualTo("made");
        assertThat(desk.columns(id, "price, cost, sync_status, has_conflict, st_base is null")).isEqualTo("30|11|synced|f|t");
        assertThat(desk.settled(conflict)).isEqualTo("settled|theirs|ann|t");
        assertThat(book.one("select ours::jsonb ->> 'price' from syncline.conflict where id = ?", String.class, conflict)).isEqualTo("25");
        assertThat(book.one("select concat_ws('|', how, actor, reason, base::jsonb ->> 'price', theirs::jsonb ->> 'price', ours::jsonb ->> 'price')"
                + " from syncline.resolution where conflict_id = ?", String.class, conflict)).isEqualTo("theirs|ann|the new list|20|30|25");
        assertThat(desk.told("conflict-decided", id)).isOne();
        assertThat(counts(book.full(), "materials")).doesNotContainKeys("update", "conflict");
        assertThat(book.count("syncline.push where key = ?", Long.toString(id))).as("nothing to send").isZero();
    }

    @Test
    void whatIsHereIsKeptAgreedUponWhatTheSystemSaysAndIsToBeSent() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        assertThat(desk.decide(conflict, "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        assertThat(desk.columns(id, "price, cost, sync_status, has_conflict, st_base::jsonb ->> 'price', st_base::jsonb ->> 'cost'"))
                .isEqualTo("25|10|pending_push|f|30|11");
        assertThat(desk.settled(conflict)).isEqualTo("settled|ours|ann|t");
        assertThat(book.one("select concat_ws('|', action, agreed::jsonb ->> 'price', document::jsonb ->> 'price') from syncline.push where key = ?",
                String.class, Long.toString(id))).isEqualTo("update|30|25");
        assertThat(counts(book.full(), "materials")).doesNotContainKeys("update", "conflict");
    }

    @Test
    void aMergeIsAVersionOfWhoDecidedIt() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        Answered decided = desk.decide(conflict, "{\"decision\": \"merged\", \"fields\": {\"price\": 27.50}}");
        assertThat(decided.status()).as(decided.text()).isEqualTo(200);
        assertThat(desk.columns(id, "price, cost, sync_status, local_modified_by, st_base::jsonb ->> 'price'")).isEqualTo("27.5|11|pending_push|ann|30");
        JsonNode newest = desk.ann.get("/api/v1/syncs/pricebook/entities/materials/records/" + id + "/history").json().path("items").path(0);
        assertThat(newest.path("person").asText()).isEqualTo("ann");
        assertThat(newest.path("snapshot").isNull()).as("sealed by the same publish").isFalse();
        assertThat(desk.settled(conflict)).isEqualTo("settled|merged|ann|t");
        assertThat(book.one("select document::jsonb ->> 'price' from syncline.push where key = ?", String.class, Long.toString(id))).isEqualTo("27.5");
    }

    @Test
    void aMergeMayTakeASidesValueAndHasToSayWhatBothChanged() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        Answered open = desk.decide(conflict, "{\"decision\": \"merged\"}");
        assertThat(open.status()).isEqualTo(400);
        assertThat(open.detail()).contains("price");
        desk.here(id, "cost = 12");
        Answered looked = desk.decide(conflict, "{\"decision\": \"merged\", \"take\": {\"price\": \"theirs\", \"cost\": \"base\"}, \"dryRun\": true}");
        assertThat(looked.status()).as(looked.text()).isEqualTo(200);
        assertThat(looked.json().path("outlook").path("here").path("fields").toString()).contains("\"from\":25,\"says\":30");
        assertThat(looked.json().path("outlook").path("there").path("fields").toString())
                .contains("\"field\":\"cost\",\"to\":\"cost\",\"from\":11,\"says\":10");
        assertThat(book.count("syncline.resolution where conflict_id = ?", conflict)).isZero();
        assertThat(desk.decide(conflict, "{\"decision\": \"merged\", \"take\": {\"price\": \"theirs\", \"cost\": \"base\"}}").status()).isEqualTo(200);
        assertThat(desk.columns(id, "price, cost, sync_status")).isEqualTo("30|10|pending_push");
    }

    /** As of many; but of one conflict nothing is passed over that was asked for. */
    @Test
    void whatOneSideAloneChangedIsNotTakenFromTheOtherButSaid() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        String take = "{\"decision\": \"merged\", \"take\": {\"price\": \"theirs\", \"cost\": \"%s\"}}";
        for (String undone : List.of("base", "ours")) {
            Answered refused = desk.decide(conflict, take.formatted(undone));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.detail()).contains("Not both sides changed cost");
            assertThat(refused.json().path("errors").toString()).contains("\"pointer\":\"/take/cost\"");
        }
        assertThat(book.count("syncline.resolution where conflict_id = ?", conflict)).isZero();
        assertThat(desk.decide(conflict, "{\"decision\": \"merged\", \"take\": {\"price\": \"theirs\", \"display_name\": \"base\"},"
                + " \"fields\": {\"cost\": 10}}").status()).as("nobody has changed the name").isEqualTo(200);
        assertThat(desk.columns(id, "price, cost, sync_status")).isEqualTo("30|10|pending_push");
        long other = desk.inConflict();
        assertThat(desk.decide(desk.conflictOf(other), take.formatted("theirs")).status()).as("that is what it says anyway").isEqualTo(200);
        assertThat(desk.columns(other, "price, cost, sync_status")).isEqualTo("30|11|synced");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"decision\": \"merged\", \"fields\": {\"orgId\": \"x\", \"price\": 1}}",
            "{\"decision\": \"merged\", \"fields\": {\"__proto__\": {}}}",
            "{\"decision\": \"merged\", \"fields\": {\"price\": \"a lot\"}}", "{\"decision\": \"merged\", \"fields\": {\"code\": null, \"price\": 1}}",
            "{\"decision\": \"merged\", \"fields\": {\"category_id\": 12345678, \"price\": 1}}", "{\"decision\": \"merged\", \"take\": {\"price\": \"mine\"}}",
            "{\"decision\": \"merged\", \"take\": {\"row_id\": \"ours\"}}", "{\"decision\": \"use_source\", \"fields\": {\"price\": 1}}",
            "{\"decision\": \"use_sap\"}", "{}", "{\"decision\": \"use_local\", \"version\": 3}", "{\"decision\": \"use_local\", \"reason\": \" \"}"})
    void whatIsNotDeclaredOrDoesNotFitIsRefusedAndNothingIsWritten(String body) {
        long id = desk.inConflict();
        String before = book.row("materials", id);
        assertThat(desk.decide(desk.conflictOf(id), body).status()).isEqualTo(400);
        assertThat(book.row("materials", id)).isEqualTo(before);
    }

    @Test
    void aDecisionAboutWhatHasMovedThereIsRefusedWithWhatIsNew() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        String seen = desk.look(conflict).tag();
        desk.there(id, "{\"price\": 31}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        Answered refused = desk.decide(desk.ann, conflict, seen, "{\"decision\": \"use_source\"}");
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.code()).isEqualTo("version-moved");
        assertThat(refused.json().path("since").path(0).path("side").asText()).isEqualTo("theirs");
        assertThat(refused.json().path("since").path(0).path("fields").toString()).contains("\"from\":30,\"says\":31");
        assertThat(value(refused.json().path("current"), "price").path("theirs").asInt()).isEqualTo(31);
        assertThat(desk.columns(id, "price, sync_status")).isEqualTo("25|conflict");
        assertThat(desk.decide(desk.ann, conflict, refused.json().path("etag").asText(), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        assertThat(desk.columns(id, "price")).isEqualTo("31");
    }

    @Test
    void aDecisionAboutWhatWasEditedHereIsRefusedWithWhoDidIt() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        String seen = desk.look(conflict).tag();
        desk.here(id, "price = 26");
        Answered refused = desk.decide(desk.ann, conflict, seen, "{\"decision\": \"use_local\"}");
        assertThat(refused.status()).isEqualTo(412);
        JsonNode step = refused.json().path("since").path(0);
        assertThat(step.path("side").asText()).isEqualTo("ours");
        assertThat(step.path("by").asText()).isNotEmpty();
        assertThat(step.path("fields").toString()).contains("\"from\":25,\"says\":26");
        assertThat(value(desk.look(conflict).json(), "price").path("ours").asInt()).as("what the row says now").isEqualTo(26);
        assertThat(desk.decide(conflict, "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        assertThat(desk.columns(id, "price, sync_status")).isEqualTo("26|pending_push");
        assertThat(book.one("select ours::jsonb ->> 'price' from syncline.conflict where id = ?", String.class, conflict)).as("kept as it was decided about")
                .isEqualTo("26");
    }

    @Test
    void aDecisionWithoutSayingWhatWasSeenIsRefused() {
        long conflict = desk.conflictOf(desk.inConflict());
        assertThat(desk.decide(desk.ann, conflict, null, "{\"decision\": \"use_local\"}").status()).isEqualTo(428);
        assertThat(desk.decide(desk.ann, conflict, "*", "{\"decision\": \"use_local\"}").status()).isEqualTo(428);
        assertThat(desk.decide(desk.ann, conflict, "\"anything\"", "{\"decision\": \"use_local\"}").status()).isEqualTo(412);
        assertThat(desk.decide(desk.vera, conflict, desk.look(conflict).tag(), "{\"decision\": \"use_local\"}").status()).isEqualTo(403);
    }

    @Test
    void whatWasDecidedOnceIsNotDecidedAgain() {
        long id = desk.inConflict();
        long conflict = desk.conflictOf(id);
        String seen = desk.look(conflict).tag();
        assertThat(desk.decide(desk.ann, conflict, seen, "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        Answered second = desk.decide(desk.ben, conflict, seen, "{\"decision\": \"use_local\"}");
        assertThat(second.status()).isEqualTo(412);
        assertThat(second.json().path("since").toString()).contains("\"by\":\"ann\"");
        assertThat(desk.decide(desk.ben, conflict, desk.look(conflict).tag(), "{\"decision\": \"use_local\"}").code()).isEqualTo("already-settled");
        assertThat(desk.columns(id, "price")).isEqualTo("30");
        assertThat(book.count("syncline.resolution where conflict_id = ?", conflict)).isOne();
    }

    /** What is only read from the system cannot be kept otherwise here: it could never be sent, and the row would differ for ever. */
    @Test
    void keepingOursTakesWhatIsOnlyReadFromTheSystem() {
        long id = desk.material();
        String vendor = "{\"primaryVendor\": {\"id\": 7, \"vendorId\": 7, \"vendorName\": \"%s\", \"vendorPart\": \"P\", \"cost\": 3, \"active\": true}%s}";
        desk.there(id, vendor.formatted("Acme", ""));
        book.incremental();
        desk.here(id, "price = 25");
        desk.there(id, vendor.formatted("Acme & Sons", ", \"price\": 30"));
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        assertThat(outlook(desk.look(desk.conflictOf(id)).json(), "use_local").path("here").path("fields").findValuesAsText("field"))
                .containsExactly("vendor_name");
        assertThat(desk.decide(desk.conflictOf(id), "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        assertThat(desk.columns(id, "price, vendor_name, sync_status")).isEqualTo("25|Acme & Sons|pending_push");
    }

    @Test
    void whatTheSystemDeletedGoesOrComesBackThere() {
        long gone = desk.material();
        long kept = desk.material();
        for (long id : List.of(gone, kept)) {
            desk.here(id, "price = 25");
            book.sandbox.remove(Entity.MATERIALS, id);
        }
        assertThat(counts(book.full(), "materials")).containsEntry("conflict", 2);
        JsonNode shown = desk.look(desk.conflictOf(gone)).json();
        assertThat(shown.path("kind").asText()).isEqualTo("deleted-there");
        assertThat(outlook(shown, "use_source").path("here").path("action").asText()).isEqualTo("delete");
        assertThat(desk.decide(desk.conflictOf(gone), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        assertThat(desk.columns(gone, "deleted_at is not null, deleted_by_side, sync_status, price")).isEqualTo("t|st|synced|20");
        assertThat(book.one("select ours::jsonb ->> 'price' from syncline.conflict where id = ?", String.class, desk.conflictOf(gone))).isEqualTo("25");

        assertThat(desk.decide(desk.conflictOf(kept), "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        assertThat(desk.columns(kept, "deleted_at is null, price, sync_status, has_conflict")).isEqualTo("t|25|pending_push|f");
        assertThat(book.one("select action from syncline.push where key = ?", String.class, Long.toString(kept))).isEqualTo("restore");
        assertThat(counts(book.full(), "materials")).doesNotContainKeys("conflict", "delete");
    }

    @Test
    void whatWasDeletedHereIsBroughtBackOrDeletedThere() {
        long back = desk.material();
        long gone = desk.material();
        long mixed = desk.material();
        for (long id : List.of(back, gone, mixed)) {
            book.sql().sql("delete from pricebook.materials where st_id = ?").param(Long.toString(id)).update();
            desk.there(id, "{\"price\": 30}");
        }
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 3);
        assertThat(desk.decide(desk.conflictOf(back), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        assertThat(desk.columns(back, "deleted_at is null, price, sync_status")).isEqualTo("t|30|synced");
        assertThat(desk.decide(desk.conflictOf(gone), "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        assertThat(desk.columns(gone, "deleted_at is null, sync_status, st_base::jsonb ->> 'price'")).isEqualTo("f|pending_push|30");
        assertThat(book.one("select action from syncline.push where key = ?", String.class, Long.toString(gone))).isEqualTo("delete");
        Answered merged = desk.decide(desk.conflictOf(mixed), "{\"decision\": \"merged\", \"fields\": {\"cost\": 12}}");
        assertThat(merged.status()).as(merged.text()).isEqualTo(200);
        assertThat(desk.columns(mixed, "deleted_at is null, price, cost, sync_status")).isEqualTo("t|30|12|pending_push");
    }

    @Test
    void theFirstAddressOfTheProductStillSettlesConflicts() {
        long theirs = desk.inConflict();
        Answered decided = desk.ann.post("/api/sync/pricebook/resolve-conflict/" + desk.conflictOf(theirs), "{\"resolution\": \"use_st\"}");
        assertThat(decided.status()).as(decided.text()).isEqualTo(200);
        assertThat(decided.json().path("success").asBoolean()).isTrue();
        assertThat(decided.json().path("syncStatus").asText()).isEqualTo("synced");
        assertThat(desk.columns(theirs, "price")).isEqualTo("30");
        long merged = desk.inConflict();
        Answered mix = desk.ann.post("/api/sync/pricebook/resolve-conflict/" + desk.conflictOf(merged),
                "{\"resolution\": \"merged\", \"mergedData\": {\"price\": 28}}");
        assertThat(mix.json().path("syncStatus").asText()).isEqualTo("pending_push");
        assertThat(mix.json().path("resolution").asText()).isEqualTo("merged");
        assertThat(desk.columns(merged, "price, cost")).isEqualTo("28|11");
        assertThat(desk.ann.post("/api/sync/pricebook/resolve-conflict/" + desk.conflictOf(merged), "{\"resolution\": \"merged\", \"mergedData\": {\"x\": 1}}")
                .status()).isEqualTo(400);
    }

    @Test
    void aSettledConflictIsOpenedAnewWhenTheSideMovesBeforeOursHasArrived() {
        long id = desk.inConflict();
        long first = desk.conflictOf(id);
        assertThat(desk.decide(first, "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        desk.there(id, "{\"price\": 40}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        long second = desk.conflictOf(id);
        assertThat(second).isNotEqualTo(first);
        assertThat(desk.look(second).json().path("reopens").asText()).endsWith("/" + first);
        assertThat(desk.look(first).json().path("reopenedAs").asText()).endsWith("/" + second);
        assertThat(desk.decide(second, "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        assertThat(desk.columns(id, "price, sync_status")).isEqualTo("40|synced");
    }

    /** Only what was kept and has not arrived is opened again: after anything else another conflict is a conflict of its own. */
    @Test
    void aConflictAfterTheirsWasTakenOrOursHasArrivedReopensNone() {
        long taken = desk.inConflict();
        assertThat(desk.decide(desk.conflictOf(taken), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        long arrived = desk.inConflict();
        assertThat(desk.decide(desk.conflictOf(arrived), "{\"decision\": \"use_local\"}").status()).isEqualTo(200);
        desk.there(arrived, "{\"price\": 25, \"cost\": 10}");
        book.incremental();
        assertThat(desk.columns(arrived, "sync_status")).isEqualTo("synced");
        for (long id : List.of(taken, arrived)) {
            desk.here(id, "price = 26");
            desk.there(id, "{\"price\": 40}");
            assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
            assertThat(desk.look(desk.conflictOf(id)).json().path("reopens").isNull()).isTrue();
            assertThat(desk.decide(desk.conflictOf(id), "{\"decision\": \"use_source\"}").status()).isEqualTo(200);
        }
    }
}
