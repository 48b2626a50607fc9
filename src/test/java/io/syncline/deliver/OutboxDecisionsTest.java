package io.syncline.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.run.Mode;
import io.syncline.source.WriteOrder;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/** What people decide about edits that were refused, or of which nobody knows whether they arrived: promises 11 and 12. */
class OutboxDecisionsTest extends AtTheWorkshop {
    private String path() {
        return "/syncs/stock/pushes/" + sql.sql("select max(number) from syncline.push where key = ?").param(id).query(Long.class).single();
    }

    @Test
    void aRefusalIsInTheOneListAndSentAgainAsAnEntryOfItsOwn() {
        workshop.fault(Workshop.Fault.REFUSED);
        edit(2);
        until(() -> state().startsWith("parked"));
        JsonNode listed = asked("GET", "/attention?kind=refused&q=" + id, null, 200).path("items").path(0);
        assertThat(listed.path("reason").asText()).isEqualTo("price: must not be negative <b>");
        JsonNode detail = asked("GET", "/attention/" + listed.path("id").asText(), null, 200);
        assertThat(detail.path("whatToDo").asText()).startsWith("Read what the system says");
        assertThat(detail.path("actions").path(0).path("href").asText()).isEqualTo("/api/v1" + path() + "/retry");
        asked("POST", "/attention/" + listed.path("id").asText() + "/retry", null, 409);
        JsonNode first = asked("GET", path(), null, 200);
        JsonNode again = asked("POST", path() + "/retry", null, 200);
        assertThat(again.path("idempotencyKey")).as("a system may remember the key of a refusal").isNotEqualTo(first.path("idempotencyKey"));
        untilThere(2);
        assertThat(asked("GET", "/syncs/stock/pushes?state=done&entity=things&limit=1", null, 200).path("items").path(0).path("key").asText()).isEqualTo(id);
        asked("POST", path() + "/retry", null, 409);
        asked("GET", "/syncs/stock/pushes/999999", null, 404);
    }

    @Test
    void whatIsGivenUpIsNotSentUntilItIsEditedAgain() {
        workshop.fault(Workshop.Fault.REFUSED);
        edit(-2);
        until(() -> state().startsWith("parked"));
        assertThat(asked("POST", path() + "/discard", "{\"reason\": \"a slip\"}", 200).path("state").asText()).isEqualTo("discarded");
        syncline.run(RunningSyncline.request("stock", Mode.PUSH));
        assertThat(state()).startsWith("discarded");
        assertThat(status()).isEqualTo("pending_push");
        edit(3);
        untilThere(3);
    }

    @Test
    void whatIsGivenUpAndTakenBackSaysAgainWhatWasAgreed() {
        workshop.fault(Workshop.Fault.REFUSED);
        edit(-2);
        until(() -> state().startsWith("parked"));
        asked("POST", path() + "/discard", "{\"reason\": \"a slip\", \"revert\": true}", 200);
        assertThat(sql.sql("select price || ' ' || sync_status from stock.things where ws_id = ?").param(id).query(String.class).single())
                .isEqualTo("1 synced");
        assertThat(sql.sql("select actor from syncline.local_edit order by id desc limit 1").query(String.class).single()).isNotEqualTo("postgres");
        assertThat(effects()).isEmpty();
    }

    /** Promise 30: whoever edits in SQL may know of a parent that is not read yet, so it is not refused; but a slip is seen at once, wherever one looks. */
    @Test
    void whatLeadsToARecordThatIsNotHereIsSaidAtOnceAndRefusedAtTheDoor() throws SQLException {
        String record = "/syncs/stock/entities/things/records/" + id;
        JsonNode refused = asked("PATCH", record, "{\"fields\": {\"shelf\": 999}}", 400);
        assertThat(refused.path("errors").toString()).contains("\"pointer\":\"/fields/shelf\"", "there is no shelves record 999");
        sql.sql("insert into syncline.push_bar (sync, organisation, why, since, until, lets_nobody_in) values ('stock', 'default', 'closed', clock_timestamp(),"
                + " clock_timestamp() + interval '1 hour', true) on conflict (sync, organisation) do update set until = excluded.until").update();
        try (Connection office = DriverManager.getConnection(database); Statement edit = office.createStatement()) {
            edit.execute("update stock.things set shelf = 999, price = 2 where ws_id = '" + id + "'");
            assertThat(edit.getWarnings().getMessage()).contains("shelf of stock.things leads to 999, and no record of stock.shelves has that key");
            edit.clearWarnings();
            edit.execute("update stock.things set price = 3 where ws_id = '" + id + "'");
            assertThat((Throwable) edit.getWarnings()).as("it is said once").isNull();
        }
        String said = "shelf leads to 999, and no record of shelves here has that key.";
        assertThat(asked("GET", record, null, 200).path("why").findValuesAsText("text").toString()).contains(said);
        until(() -> state().equals("waiting: " + said + " It is sent as it is."));
        sql.sql("delete from syncline.push_bar").update();
        untilThere(3);
        workshop.fault(Workshop.Fault.REFUSED);
        edit(-4);
        until(() -> state().startsWith("parked"));
        assertThat(asked("GET", "/attention?kind=refused&q=" + id, null, 200).path("items").path(0).path("reason").asText())
                .isEqualTo("price: must not be negative <b> " + said);
    }

    /** A publish has the row before it ends an entry about it: whoever takes the row back waits for that, and has no entry that the publish waits for. */
    @Test
    void whatIsTakenBackWhileItIsPublishedWaitsForThePublishAndNotItForThat() throws SQLException {
        workshop.fault(Workshop.Fault.REFUSED);
        edit(2);
        until(() -> state().startsWith("parked"));
        String path = path();
        try (Connection publish = DriverManager.getConnection(database)) {
            publish.setAutoCommit(false);
            publish.createStatement().execute("select from stock.things where ws_id = '" + id + "' for no key update");
            CompletableFuture<HttpResponse<String>> takenBack = CompletableFuture.supplyAsync(() -> syncline.call("POST", "/api/v1" + path + "/discard",
                    "{\"reason\": \"a slip\", \"revert\": true}"));
            until(() -> count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ~ '"
                    + "\"things\".*(row_id = |t set)'") == 1);
            publish.createStatement().execute("update syncline.push set state = 'overtaken', ended_at = clock_timestamp(), next_attempt_at = null,"
                    + " end_reason = 'it was changed here again' where key = '" + id + "' and ended_at is null");
            publish.commit();
            assertThat(takenBack.join().statusCode()).as(takenBack.join().body()).isEqualTo(409);
            assertThat(takenBack.join().body()).contains("not-in-that-state", "overtaken");
        }
        syncline.run(RunningSyncline.request("stock", Mode.PUSH));
        untilThere(2);
    }

    @Test
    void aPersonSaysThatItArrivedAndItIsReadBack() {
        workshop.tellsNothing(true);
        workshop.fault(Workshop.Fault.LOST_ANSWER);
        edit(2);
        until(() -> state().startsWith("unknown"));
        assertThat(asked("GET", "/attention?kind=unknown", null, 200).path("counts").path("unknown").asInt()).isEqualTo(1);
        asked("POST", path() + "/settle", "{\"arrived\": true}", 200);
        untilThere(2);
        assertThat(orders()).hasSize(1);
        assertThat(sql.sql("select ws_version from stock.things where ws_id = ?").param(id).query(Long.class).single()).isEqualTo(2);
    }

    @Test
    void aPersonSaysThatItDidNotArriveAndItIsSentAgainWithItsKey() {
        workshop.tellsNothing(true);
        workshop.fault(Workshop.Fault.LOST_ORDER);
        edit(2);
        until(() -> state().startsWith("unknown"));
        asked("POST", path() + "/settle", "{\"arrived\": false}", 200);
        untilThere(2);
        assertThat(orders()).hasSize(2);
        assertThat(orders().stream().map(WriteOrder::id).distinct()).hasSize(1);
        assertThat(asked("POST", "/syncs/stock/runs", "{\"mode\": \"push\"}", 202).path("run").asLong()).isPositive();
        asked("POST", "/syncs/stock/runs", "{\"mode\": \"push\", \"dryRun\": true}", 400);
    }

    private long unknownThing(Workshop.Fault fault) {
        workshop.tellsNothing(true);
        workshop.fault(fault);
        long row = sql.sql("insert into stock.things (name, price) values (?, 5) returning row_id").param("Made " + id).query(Long.class).single();
        until(() -> count("syncline.push where state = 'unknown' and row_id = " + row + " and entity = 'things'") == 1);
        return row;
    }

    private static String outbox(long row) {
        return "/syncs/stock/pushes/" + sql.sql("select max(number) from syncline.push where row_id = ? and entity = 'things'").param(row)
                .query(Long.class).single();
    }

    private List<String> made() {
        return workshop.effects().stream().filter(effect -> effect.startsWith("CREATE") && effect.contains("\"Made " + id + "\"")).toList();
    }

    /** The system writes anew what the record is known by, so nothing but a person can tell which it is. */
    @Test
    void aPersonSaysWhichRecordItIsThatWasMade() {
        long row = unknownThing(Workshop.Fault.LOST_ANSWER);
        String key = made().get(0).split(" ")[1];
        workshop.put("things", key, "{\"name\": \"AUTO-" + key + "\", \"price\": 5, \"gone\": false}");
        JsonNode item = asked("GET", "/attention?kind=unknown", null, 200).path("items").path(0);
        JsonNode shown = asked("GET", "/attention/" + item.path("id").asText(), null, 200);
        assertThat(shown.path("whatToDo").asText()).contains("with the key it has there", "If it is not there, say so");
        assertThat(shown.path("actions").findValuesAsText("href")).contains("/api/v1" + outbox(row) + "/settle");
        assertThat(asked("POST", outbox(row) + "/settle", "{\"arrived\": true}", 409).path("detail").asText()).contains("Say which key it has there");
        assertThat(asked("POST", outbox(row) + "/settle", "{\"arrived\": true, \"key\": \"9999999\"}", 409).path("detail").asText())
                .contains("The system has no record 9999999");
        asked("POST", outbox(row) + "/settle", "{\"arrived\": true, \"key\": \"" + key + "\"}", 200);
        until(() -> count("stock.things where row_id = " + row + " and ws_id = '" + key + "' and sync_status = 'synced'") == 1);
        assertThat(sql.sql("select name from stock.things where row_id = ?").param(row).query(String.class).single()).isEqualTo("AUTO-" + key);
        assertThat(made()).hasSize(1);
        assertThat(count("syncline.activity where action = 'push-settled' and detail like '%it arrived'")).isPositive();
    }

    @Test
    void aPersonSaysThatItWasNotMadeAndItIsSentAgain() {
        long row = unknownThing(Workshop.Fault.LOST_ORDER);
        asked("POST", outbox(row) + "/settle", "{\"arrived\": false}", 200);
        until(() -> count("stock.things where row_id = " + row + " and ws_id is not null and sync_status = 'synced'") == 1);
        assertThat(made()).hasSize(1);
    }

    /** It was read under its new name before anybody said which it is, and has a row of its own. */
    @Test
    void aRecordThatIsHereAlreadyIsLeftAndTheRowThatWasToBeItGoes() {
        long row = unknownThing(Workshop.Fault.LOST_ANSWER);
        String key = made().get(0).split(" ")[1];
        workshop.put("things", key, "{\"name\": \"AUTO-" + key + "\", \"price\": 5, \"gone\": false}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        JsonNode refused = asked("POST", outbox(row) + "/settle", "{\"arrived\": true, \"key\": \"" + key + "\"}", 409);
        assertThat(refused.path("detail").asText()).contains("is here already, as row ", "\"revert\": true");
        asked("POST", outbox(row) + "/discard", "{\"reason\": \"it is record " + key + "\", \"revert\": true}", 200);
        until(() -> count("stock.things where row_id = " + row + " and deleted_at is not null and sync_status = 'synced'") == 1);
        until(() -> count("syncline.run where finished_at is null") == 0);
        assertThat(count("stock.things where ws_id = '" + key + "' and deleted_at is null")).isOne();
        assertThat(workshop.get("things", key).path("gone").asBoolean()).isFalse();
    }

    /** Promise 12: of many that were made alike, only a record that nobody knows leaves a doubt. */
    @Test
    void whatWasMadeOfAnotherRowLeavesNoDoubt() {
        sql.sql("insert into stock.things (name, price) values (?, 5), (?, 5)").params("One " + id, "Other " + id).update();
        until(() -> count("stock.things where name in ('One " + id + "', 'Other " + id + "') and sync_status = 'synced'") == 2);
        SyncConfig sync = syncline.bean(Configuration.class).syncs().get("stock");
        UUID one = sql.sql("select id from syncline.push where document::jsonb ->> 'name' = ?").param("One " + id).query(UUID.class).single();
        String other = sql.sql("select ws_id from stock.things where name = ?").param("Other " + id).query(String.class).single();
        Claim claim = new Claim(new WriteOrder(one, sync, sync.entity("things"), "default", WriteOrder.Action.CREATE, null, null,
                Document.stored("{}"), null, null), 1, 1, true);
        Pushes pushes = syncline.bean(Pushes.class);
        Observed byItsName = alike("unheard of", "Other " + id);
        Observed byItsKey = alike(other, "renamed there");
        Observed unknown = alike("unheard of", "AUTO-1");
        assertThat(pushes.areOthers(claim, List.of(byItsName, byItsKey))).isTrue();
        assertThat(pushes.areOthers(claim, List.of(byItsName, unknown))).isFalse();
        assertThat(pushes.areOthers(claim, List.of(alike("unheard of", "One " + id)))).as("it may be this one").isFalse();
    }

    private static Observed alike(String key, String name) {
        return new Observed(key, Document.stored("{\"name\": \"" + name + "\", \"price\": 5}"), 1L, null, false, List.of(), null);
    }
}
