package io.syncline.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.source.WriteOrder;
import io.syncline.source.Writing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What was deleted there and is kept here is there again, once: brought back where that can be, else made anew; promises 4, 11 and 12. */
class MadeAnewTest {
    @TempDir
    private static Path folder;
    private static Workshop workshop;
    private static RunningSyncline syncline;
    private static JdbcClient sql;
    private static int last = 10;

    private String shelf;
    private String thing;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
        workshop.configure(folder);
        syncline = RunningSyncline.start(folder, TestPostgres.url(), Map.of("syncline.push.after-save", "true", "syncline.push.deliver", "true",
                "syncline.push.first", "50ms", "syncline.push.most", "200ms", "syncline.push.debounce", "50ms", "syncline.push.due", "0/1 * * * * ?",
                "syncline.push.look", "0/1 * * * * ?"),
                context -> context.registerBean(Writing.class, () -> workshop, definition -> definition.setPrimary(true)));
        sql = syncline.sql();
    }

    @AfterAll
    static void stop() {
        workshop.close();
        syncline.close();
    }

    @BeforeEach
    void agree() {
        shelf = Integer.toString(last++);
        thing = Integer.toString(last++);
        workshop.put("shelves", shelf, "{\"name\": \"Shelf " + shelf + "\"}");
        workshop.put("things", thing, "{\"name\": \"Thing " + thing + "\", \"price\": 1, \"gone\": false, \"shelf\": " + shelf + "}");
        full();
    }

    @AfterEach
    void theChainHolds() {
        workshop.tellsNothing(false);
        sql.sql("update syncline.push set state = 'discarded', ended_at = clock_timestamp() where state in ('parked', 'unknown')").update();
        until(() -> count("syncline.push where ended_at is null") == 0 && count("syncline.run where finished_at is null") == 0);
        assertThat(sql.sql("select problem from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static long count(String what) {
        return sql.sql("select count(*) from " + what).query(Long.class).single();
    }

    private static JsonNode full() {
        return syncline.run(RunningSyncline.request("stock", Mode.FULL));
    }

    private static String one(String statement) {
        return sql.sql(statement).query(String.class).optional().orElse(null);
    }

    private static JsonNode asked(String method, String path, String body, int status) {
        HttpResponse<String> answer = syncline.call(method, "/api" + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningSyncline.json(answer.body());
    }

    /** Deleted there while it is edited here. */
    private long inConflict(String entity, String id, String edit) {
        workshop.remove(entity, id);
        sql.sql("update stock." + entity + " set " + edit + " where ws_id = ?").param(id).update();
        until(() -> count("syncline.conflict where state = 'open' and kind = 'deleted-there' and key = '" + id + "'") == 1
                && count("syncline.run where finished_at is null") == 0 && count("syncline.push where ended_at is null") == 0);
        return sql.sql("select id from syncline.conflict where key = ? and state = 'open'").param(id).query(Long.class).single();
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
        JsonNode card = asked("GET", "/v1/syncs/stock/conflicts/" + conflict, null, 200);
        assertThat(card.path("decisions").findValues("there").stream().map(there -> there.path("action").asText())).contains("create")
                .doesNotContain("restore");
        asked("POST", "/sync/stock/resolve-conflict/" + conflict, "{\"resolution\": \"use_local\"}", 200);
        until(() -> "synced".equals(one("select sync_status from stock.shelves where row_id = " + row)));
        String key = keyOf(row, "shelves");
        assertThat(key).isNotEqualTo(shelf);
        assertThat(workshop.get("shelves", key).path("name").asText()).isEqualTo("Kept " + shelf);
        assertThat(created("Kept " + shelf)).hasSize(1);
        assertThat(sql.sql("select ws_id from stock.shelves_history where row_id = ? order by revision").param(row).query(String.class).list())
                .as("what it was called then").contains(shelf).doesNotContain(key);
        assertThat(one("select key || ' ' || settled_how from syncline.conflict where id = " + conflict)).isEqualTo(shelf + " ours");
        assertThat(asked("GET", "/v1/syncs/stock/pushes?entity=shelves&state=done&limit=1", null, 200).path("items").path(0).path("formerKey").asText())
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
        asked("POST", "/sync/stock/resolve-conflict/" + conflict, "{\"resolution\": \"use_local\"}", 200);
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
        asked("POST", "/sync/stock/resolve-conflict/" + conflict, "{\"resolution\": \"use_local\"}", 200);
        until(() -> "synced".equals(one("select sync_status from stock.shelves where row_id = " + row)));
        assertThat(created("Kept " + shelf)).hasSize(1);
        assertThat(keyOf(row, "shelves")).isNotEqualTo(shelf);
    }

    @Test
    void whatCannotBeBroughtBackSinceNothingIsLeftIsMadeAnew() {
        long row = rowOf(thing, "things");
        long conflict = inConflict("things", thing, "price = 2");
        JsonNode card = asked("GET", "/v1/syncs/stock/conflicts/" + conflict, null, 200);
        assertThat(card.path("decisions").findValues("there").stream().map(there -> there.path("action").asText())).contains("restore");
        asked("POST", "/sync/stock/resolve-conflict/" + conflict, "{\"resolution\": \"merged\", \"mergedData\": {\"price\": 3}}", 200);
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
        asked("POST", "/sync/stock/resolve-conflict/" + conflict, "{\"resolution\": \"use_local\"}", 200);
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
        asked("POST", "/sync/stock/resolve-conflict/" + conflict, "{\"resolution\": \"use_local\"}", 200);
        until(() -> count("syncline.push where state = 'unknown' and row_id = " + row + " and entity = 'shelves'") == 1);
        workshop.put("shelves", shelf, "{\"name\": \"There again\"}");
        full();
        String made = workshop.effects().get(workshop.effects().size() - 1).split(" ")[1];
        long push = sql.sql("select max(number) from syncline.push where row_id = ? and entity = 'shelves'").param(row).query(Long.class).single();
        asked("POST", "/v1/syncs/stock/pushes/" + push + "/settle", "{\"arrived\": true, \"key\": \"" + made + "\"}", 200);
        until(() -> count("syncline.push where number = " + push + " and state = 'unknown' and reason like '%it has the record again%'") == 1);
        assertThat(keyOf(row, "shelves")).isEqualTo(shelf);
        asked("POST", "/v1/syncs/stock/pushes/" + push + "/discard", "{\"reason\": \"it is a record of its own\"}", 200);
        full();
        assertThat(count("stock.shelves where ws_id in ('" + shelf + "', '" + made + "')")).isEqualTo(2);
    }

    @Test
    void whatWasDeletedThereIsMadeAnewForWhoeverBringsItBackHere() {
        long row = rowOf(shelf, "shelves");
        workshop.remove("shelves", shelf);
        full();
        assertThat(one("select deleted_by_side from stock.shelves where row_id = " + row)).isEqualTo("ws");
        assertThat(asked("GET", "/v1/syncs/stock/entities/shelves/records/" + shelf, null, 200).path("can").toString()).contains("restore");
        int before = workshop.orders().size();
        sql.sql("update stock.shelves set deleted_at = null where row_id = ?").param(row).update();
        until(() -> "synced".equals(one("select sync_status from stock.shelves where row_id = " + row)));
        assertThat(workshop.orders().subList(before, workshop.orders().size())).extracting(WriteOrder::action).contains(WriteOrder.Action.CREATE);
        assertThat(keyOf(row, "shelves")).isNotEqualTo(shelf);
    }
}
