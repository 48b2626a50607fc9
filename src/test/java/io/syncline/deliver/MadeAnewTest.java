package io.syncline.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.source.WriteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What was deleted there and is kept here is there again, once: brought back where that can be, else made anew; promises 4, 11 and 12. */
class MadeAnewTest extends AtTheWorkshop {
    private String shelf;
    private String thing;

    @BeforeEach
    void agreeOnAShelf() {
        shelf = Integer.toString(++last);
        thing = Integer.toString(++last);
        workshop.put("shelves", shelf, "{\"name\": \"Shelf " + shelf + "\"}");
        workshop.put("things", thing, "{\"name\": \"Thing " + thing + "\", \"price\": 1, \"gone\": false, \"shelf\": " + shelf + "}");
        full();
    }

    private static JsonNode full() {
        return syncline.run(RunningSyncline.request("stock", Mode.FULL));
    }

    private static String one(String statement) {
        return sql.sql(statement).query(String.class).optional().orElse(null);
    }

    /** Deleted there while it is edited here. */
    private long inConflict(String entity, String id, String edit) {
        workshop.remove(entity, id);
        sql.sql("update stock." + entity + " set " + edit + " where ws_id = ?").param(id).update();
        until(() -> count("syncline.conflict where state = 'open' and kind = 'deleted-there' and key = '" + id + "'") == 1
                && count("syncline.run where finished_at is null") == 0 && count("syncline.push where ended_at is null") == 0);
        return sql.sql("select id from syncline.conflict where key = ? and state = 'open'").param(id).query(Long.class).single();
    }

    private static void resolved(long conflict, String decision) {
        HttpResponse<String> answer = syncline.call("POST", "/api/sync/stock/resolve-conflict/" + conflict, decision);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private List<String> created(String name) {
        return workshop.effects().stream().filter(effect -> effect.startsWith("CREATE") && effect.contains("\"" + name + "\"")).toList();
    }

    private static String keyOf(long row, String entity) {
        return one("select ws_id from stock." + entity + " where row_id = " + row);
    }

    private static long rowOf(String id, String entity) {
        return sql.sql("select row_id from stock." + entity + " where ws_id = ?").param(id).query(Long.class).single();
    }

    @Test
    void whatIsKeptOverADeletionThereIsMadeAnewAsTheSameRow() {
        long row = rowOf(shelf, "shelves");
        long conflict = inConflict("shelves", shelf, "name = 'Kept " + shelf + "'");
        JsonNode card = asked("GET", "/syncs/stock/conflicts/" + conflict, null, 200);
        assertThat(card.path("decisions").findValues("there").stream().map(there -> there.path("action").asText())).contains("create")
                .doesNotContain("restore");
        resolved(conflict, "{\"resolution\": \"use_local\"}");
        until(() -> "synced".equals(one("select sync_status from stock.shelves where row_id = " + row)));
        String key = keyOf(row, "shelves");
        assertThat(key).isNotEqualTo(shelf);
        assertThat(workshop.get("shelves", key).path("name").asText()).isEqualTo("Kept " + shelf);
        assertThat(created("Kept " + shelf)).hasSize(1);
        assertThat(sql.sql("select ws_id from stock.shelves_history where row_id = ? order by revision").param(row).query(String.class).list())
                .as("what it was called then").contains(shelf).doesNotContain(key);
        assertThat(one("select key || ' ' || settled_how from syncline.conflict where id = " + conflict)).isEqualTo(shelf + " ours");
        assertThat(asked("GET", "/syncs/stock/pushes?entity=shelves&state=done&limit=1", null, 200).path("items").path(0).path("formerKey").asText())
                .isEqualTo(shelf);
        // Promise 11: its showing is no news, and no second row.
        JsonNode again = full();
        assertThat(RunningSyncline.entity(again, "shelves").path("counts").has("create")).as(again.toPrettyString()).isFalse();
        assertThat(count("stock.shelves where name = 'Kept " + shelf + "'")).isOne();
    }

    @Test
    void whatLedToItLeadsToItByItsNewKey() {
        long row = rowOf(shelf, "shelves");
        long conflict = inConflict("shelves", shelf, "name = 'Kept " + shelf + "'");
        resolved(conflict, "{\"resolution\": \"use_local\"}");
        until(() -> !shelf.equals(keyOf(row, "shelves")) && workshop.get("things", thing).path("shelf").asText().equals(keyOf(row, "shelves")));
        until(() -> "synced".equals(one("select sync_status from stock.things where ws_id = '" + thing + "'")));
        assertThat(one("select shelf || ' ' || shelf_row from stock.things where ws_id = '" + thing + "'")).isEqualTo(keyOf(row, "shelves") + " " + row);
        assertThat(count("syncline.local_edit where entity = 'things' and side_key = '" + thing + "'")).as("nobody's edit").isZero();
    }

    @Test
    void aLostAnswerOfOneMadeAnewIsLookedUp() {
        long row = rowOf(shelf, "shelves");
        long conflict = inConflict("shelves", shelf, "name = 'Kept " + shelf + "'");
        workshop.fault(Workshop.Fault.LOST_ANSWER);
        resolved(conflict, "{\"resolution\": \"use_local\"}");
        until(() -> "synced".equals(one("select sync_status from stock.shelves where row_id = " + row)));
        assertThat(created("Kept " + shelf)).hasSize(1);
        assertThat(keyOf(row, "shelves")).isNotEqualTo(shelf);
    }

    @Test
    void whatCannotBeBroughtBackSinceNothingIsLeftIsMadeAnew() {
        long row = rowOf(thing, "things");
        long conflict = inConflict("things", thing, "price = 2");
        JsonNode card = asked("GET", "/syncs/stock/conflicts/" + conflict, null, 200);
        assertThat(card.path("decisions").findValues("there").stream().map(there -> there.path("action").asText())).contains("restore");
        resolved(conflict, "{\"resolution\": \"merged\", \"mergedData\": {\"price\": 3}}");
        until(() -> "synced".equals(one("select sync_status from stock.things where row_id = " + row)));
        assertThat(keyOf(row, "things")).isNotEqualTo(thing);
        assertThat(workshop.get("things", keyOf(row, "things")).path("price").asInt()).isEqualTo(3);
        assertThat(created("Thing " + thing)).hasSize(1);
        assertThat(sql.sql("select action || ' ' || state from syncline.push where row_id = ? and entity = 'things' order by number desc limit 2").param(row)
                .query(String.class).list()).containsExactly("create done", "restore overtaken");
    }

    /** It is there again before it was made anew: it is the record that this row always was. */
    @Test
    void whatIsThereAgainBeforeItWasMadeAnewIsNotMadeTwice() {
        long row = rowOf(shelf, "shelves");
        long conflict = inConflict("shelves", shelf, "name = 'Kept " + shelf + "'");
        workshop.fault(Workshop.Fault.REFUSED);
        resolved(conflict, "{\"resolution\": \"use_local\"}");
        until(() -> count("syncline.push where state = 'parked' and row_id = " + row + " and entity = 'shelves'") == 1);
        workshop.put("shelves", shelf, "{\"name\": \"There again\"}");
        full();
        assertThat(one("select kind from syncline.conflict where state = 'open' and entity = 'shelves' and row_id = " + row)).isEqualTo("changed-both");
        assertThat(keyOf(row, "shelves")).isEqualTo(shelf);
        assertThat(count("stock.shelves where name in ('There again', 'Kept " + shelf + "')")).isOne();
    }

    /** Nobody can tell whether it was made; meanwhile the one that it was is there again: the row cannot be both. */
    @Test
    void aRowThatIsItsFormerRecordAgainIsNotGivenAnotherOne() {
        long row = rowOf(shelf, "shelves");
        long conflict = inConflict("shelves", shelf, "name = 'Kept " + shelf + "'");
        workshop.tellsNothing(true);
        workshop.fault(Workshop.Fault.LOST_ANSWER);
        resolved(conflict, "{\"resolution\": \"use_local\"}");
        until(() -> count("syncline.push where state = 'unknown' and row_id = " + row + " and entity = 'shelves'") == 1);
        workshop.put("shelves", shelf, "{\"name\": \"There again\"}");
        full();
        String made = workshop.effects().get(workshop.effects().size() - 1).split(" ")[1];
        long push = sql.sql("select max(number) from syncline.push where row_id = ? and entity = 'shelves'").param(row).query(Long.class).single();
        asked("POST", "/syncs/stock/pushes/" + push + "/settle", "{\"arrived\": true, \"key\": \"" + made + "\"}", 200);
        until(() -> count("syncline.push where number = " + push + " and state = 'unknown' and reason like '%it has the record again%'") == 1);
        assertThat(keyOf(row, "shelves")).isEqualTo(shelf);
        asked("POST", "/syncs/stock/pushes/" + push + "/discard", "{\"reason\": \"it is a record of its own\"}", 200);
        full();
        assertThat(count("stock.shelves where ws_id in ('" + shelf + "', '" + made + "')")).isEqualTo(2);
    }

    @Test
    void whatWasDeletedThereIsMadeAnewForWhoeverBringsItBackHere() {
        long row = rowOf(shelf, "shelves");
        workshop.remove("shelves", shelf);
        full();
        assertThat(one("select deleted_by_side from stock.shelves where row_id = " + row)).isEqualTo("ws");
        assertThat(asked("GET", "/syncs/stock/entities/shelves/records/" + shelf, null, 200).path("can").toString()).contains("restore");
        int before = workshop.orders().size();
        sql.sql("update stock.shelves set deleted_at = null where row_id = ?").param(row).update();
        until(() -> "synced".equals(one("select sync_status from stock.shelves where row_id = " + row)));
        assertThat(workshop.orders().subList(before, workshop.orders().size())).extracting(WriteOrder::action).contains(WriteOrder.Action.CREATE);
        assertThat(keyOf(row, "shelves")).isNotEqualTo(shelf);
    }
}
