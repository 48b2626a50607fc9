package io.syncline.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.source.Sent;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Edits on their way to a system that fails in every way, in the whole product: promises 1, 11, 12, 13 and 24. */
class DeliveryTest {
    @TempDir
    private static Path folder;
    private static Workshop workshop;
    private static RunningSyncline syncline;
    private static JdbcClient sql;
    private static int last;

    private String id;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
        workshop.configure(folder);
        syncline = RunningSyncline.start(folder, TestPostgres.url(), Map.of("syncline.push.after-save", "true", "syncline.push.deliver", "true",
                "syncline.push.first", "50ms", "syncline.push.most", "200ms", "syncline.push.debounce", "50ms", "syncline.push.claim", "2s",
                "syncline.push.barred", "700ms", "syncline.push.due", "0/1 * * * * ?", "syncline.push.look", "0/1 * * * * ?"),
                context -> context.registerBean(Writing.class, () -> workshop, definition -> definition.setPrimary(true)));
        sql = syncline.sql();
    }

    @AfterAll
    static void stop() {
        workshop.close();
        syncline.close();
    }

    /** A thing of its own, agreed with the workshop. */
    @BeforeEach
    void agree() {
        id = Integer.toString(++last);
        workshop.put("things", id, "{\"name\": \"Thing " + id + "\", \"price\": 1, \"gone\": false}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
    }

    @AfterEach
    void nothingIsLeftOverAndTheChainHolds() {
        workshop.tellsNothing(false);
        sql.sql("update syncline.push set state = 'discarded', ended_at = clock_timestamp() where state in ('parked', 'unknown')").update();
        until(() -> count("syncline.push where ended_at is null") == 0 && count("syncline.run where finished_at is null") == 0);
        assertThat(sql.sql("select problem from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static long count(String what) {
        return sql.sql("select count(*) from " + what).query(Long.class).single();
    }

    private void edit(int price) {
        sql.sql("update stock.things set price = ? where ws_id = ?").params(price, id).update();
    }

    private String status() {
        return sql.sql("select sync_status from stock.things where ws_id = ?").param(id).query(String.class).single();
    }

    private String state() {
        return sql.sql("select state || coalesce(': ' || reason, '') from syncline.push where key = ? order by number desc limit 1").param(id)
                .query(String.class).optional().orElse("none");
    }

    private List<String> effects() {
        return workshop.effects().stream().filter(effect -> effect.split(" ")[1].equals(id)).toList();
    }

    private List<WriteOrder> orders() {
        return workshop.orders().stream().filter(order -> id.equals(order.key())).toList();
    }

    private void untilThere(int price) {
        until(() -> workshop.get("things", id).path("price").asInt() == price && status().equals("synced"));
    }

    @Test
    void anEditInPlainSqlReachesTheSystemByItself() {
        edit(2);
        untilThere(2);
        assertThat(effects()).hasSize(1);
        assertThat(sql.sql("select ws_version from stock.things where ws_id = ?").param(id).query(Long.class).single()).isEqualTo(2);
        long before = count("syncline.snapshot");
        syncline.run(RunningSyncline.request("stock", Mode.PUSH));
        assertThat(count("syncline.snapshot")).as("promise 10").isEqualTo(before);
    }

    @Test
    void whatTheSystemWritesInItsOwnWayIsTakenOverAndNotSentAgain() {
        sql.sql("update stock.things set name = '  wide  ' where ws_id = ?").param(id).update();
        until(() -> effects().size() == 1 && status().equals("synced"));
        assertThat(sql.sql("select name from stock.things where ws_id = ?").param(id).query(String.class).single()).isEqualTo("wide");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        assertThat(effects()).as("promise 11").hasSize(1);
    }

    @Test
    void aShelfAndWhatIsPutOnItAreMadeThereInTheirOrder() {
        sql.sql("insert into stock.shelves (name) values (?)").param("Shelf " + id).update();
        sql.sql("insert into stock.things (name, shelf_row) select ?, row_id from stock.shelves where name = ?").params("On " + id, "Shelf " + id).update();
        until(() -> sql.sql("select sync_status from stock.things where name = ?").param("On " + id).query(String.class).single().equals("synced"));
        var made = workshop.all("things").stream().filter(thing -> thing.path("name").asText().equals("On " + id)).toList();
        assertThat(made).hasSize(1);
        assertThat(workshop.get("shelves", made.get(0).path("shelf").asText()).path("name").asText()).isEqualTo("Shelf " + id);
    }

    @Test
    void aDeletionHereIsOneThereAndTheWayBackToo() {
        sql.sql("delete from stock.things where ws_id = ?").param(id).update();
        until(() -> workshop.get("things", id).path("gone").asBoolean() && status().equals("synced"));
        sql.sql("update stock.things set deleted_at = null where ws_id = ?").param(id).update();
        until(() -> !workshop.get("things", id).path("gone").asBoolean() && status().equals("synced"));
        assertThat(effects()).extracting(effect -> effect.split(" ")[0]).containsExactly("DELETE", "RESTORE");
    }

    @Test
    void promise4AnEditOfWhatTheSystemHasDeletedStaysAndIsSentWhenItIsBroughtBack() {
        workshop.put("things", id, "{\"name\": \"Thing " + id + "\", \"price\": 1, \"gone\": true}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        edit(5);
        until(() -> count("syncline.local_edit where snapshot_id is null") == 0);
        workshop.put("things", id, "{\"name\": \"Thing " + id + "\", \"price\": 3, \"gone\": true}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        assertThat(status()).as("there is nothing to delete there, and nothing to write over").isEqualTo("synced");
        assertThat(count("syncline.push where key = '" + id + "'")).isZero();
        sql.sql("update stock.things set deleted_at = null where ws_id = ?").param(id).update();
        untilThere(5);
        assertThat(effects()).extracting(effect -> effect.split(" ")[0]).containsExactly("RESTORE");
    }

    @Test
    void aLostAnswerIsLookedUpAndNothingIsSentTwice() {
        workshop.fault(Workshop.Fault.LOST_ANSWER);
        edit(2);
        untilThere(2);
        assertThat(effects()).hasSize(1);
        assertThat(orders()).as("promise 12").hasSize(1);
        assertThat(workshop.lookUps()).anyMatch(order -> order.id().equals(orders().get(0).id()));
    }

    @Test
    void aLostOrderIsLookedUpAndSentAgainWithItsKey() {
        workshop.fault(Workshop.Fault.LOST_ORDER, Workshop.Fault.DOWN, Workshop.Fault.FAILS_INSIDE);
        edit(2);
        untilThere(2);
        assertThat(effects()).hasSize(1);
        assertThat(orders()).hasSize(4);
        assertThat(orders().stream().map(WriteOrder::id).distinct()).as("promise 12").hasSize(1);
    }

    @Test
    void whatIsMadeHereIsMadeThereOnceThoughTheAnswerIsLost() {
        workshop.fault(Workshop.Fault.LOST_ANSWER);
        sql.sql("insert into stock.things (name, price) values (?, 5)").param("New " + id).update();
        until(() -> sql.sql("select sync_status from stock.things where name = ?").param("New " + id).query(String.class).single().equals("synced"));
        assertThat(workshop.all("things").stream().filter(thing -> thing.path("name").asText().equals("New " + id))).hasSize(1);
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        assertThat(count("stock.things where name = 'New " + id + "'")).isEqualTo(1);
    }

    @Test
    void aRefusalWaitsForAPersonInItsOwnWordsAndAnotherEditGoesThrough() {
        workshop.fault(Workshop.Fault.REFUSED);
        edit(-2);
        until(() -> state().equals("parked: price: must not be negative <b>"));
        assertThat(orders()).as("promise 24: never sent again by itself").hasSize(1);
        edit(2);
        untilThere(2);
        assertThat(effects()).hasSize(1);
    }

    @Test
    void aRecordThatMovedThereIsNotWrittenOverButJudged() {
        workshop.put("things", id, "{\"name\": \"Thing " + id + "\", \"price\": 7, \"gone\": false}");
        edit(2);
        until(() -> status().equals("conflict"));
        assertThat(workshop.get("things", id).path("price").asInt()).as("promise 13").isEqualTo(7);
        assertThat(effects()).isEmpty();
        assertThat(state()).startsWith("overtaken");
        edit(7);
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
    }

    @Test
    void aSystemThatLetsNobodyInIsLeftAloneForAWhile() {
        workshop.fault(Workshop.Fault.BARRED);
        edit(2);
        until(() -> count("syncline.push_bar where lets_nobody_in and why = 'the password has changed' and until > clock_timestamp()") == 1);
        JsonNode standing = asked("GET", "/syncs/stock", null, 200).path("pushes");
        assertThat(standing.path("barred").asText()).isEqualTo("the password has changed");
        untilThere(2);
        assertThat(orders()).hasSize(2);
        assertThat(sql.sql("select last_sent_at - (select since from syncline.push_bar) > interval '650 ms' from syncline.push where key = ?").param(id)
                .query(Boolean.class).single()).isTrue();
    }

    @Test
    void aSystemThatAsksForTimeGetsItForAllRecords() {
        workshop.fault(Workshop.Fault.SLOW_DOWN);
        edit(2);
        until(() -> count("syncline.push_bar where not lets_nobody_in") == 1);
        untilThere(2);
        assertThat(sql.sql("select last_sent_at >= (select until from syncline.push_bar) from syncline.push where key = ?").param(id)
                .query(Boolean.class).single()).isTrue();
    }

    @Test
    void aSystemThatAsksForYearsIsAskedAgainWithinTheHour() {
        workshop.fault(Workshop.Fault.COME_BACK_IN_YEARS);
        edit(2);
        until(() -> state().equals("waiting: asks for years"));
        assertThat(count("syncline.push_bar where until > clock_timestamp() + interval '1 hour'")).isZero();
        sql.sql("delete from syncline.push_bar").update();
        sql.sql("update syncline.push set next_attempt_at = clock_timestamp() where key = ? and state = 'waiting'").param(id).update();
        untilThere(2);
    }

    @Test
    void whatNobodyCanTellWaitsForAPersonAndIsNotSentAgain() {
        workshop.tellsNothing(true);
        workshop.fault(Workshop.Fault.LOST_ANSWER);
        edit(2);
        until(() -> state().equals("unknown: Nothing there tells whether it arrived."));
        assertThat(orders()).hasSize(1);
    }

    private JsonNode asked(String method, String path, String body, int status) {
        HttpResponse<String> answer = syncline.call(method, "/api/v1" + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningSyncline.json(answer.body());
    }

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
        until(() -> count("syncline.run where finished_at is null") == 0);
        assertThat(count("stock.things where row_id = " + row + " and deleted_at is not null and sync_status = 'synced'")).isOne();
        assertThat(count("stock.things where ws_id = '" + key + "' and deleted_at is null")).isOne();
        assertThat(workshop.get("things", key).path("gone").asBoolean()).isFalse();
    }

    /** Somebody else has the entry by now: the number of its claim says so. */
    @Test
    void whatALateWorkerNotesIsNotTaken() {
        workshop.holdLookUps();
        workshop.fault(Workshop.Fault.LOST_ORDER);
        edit(2);
        until(() -> count("syncline.push where key = '" + id + "' and state = 'unclear' and claimed_by is not null") == 1);
        int fence = sql.sql("select fence from syncline.push where key = ? and state = 'unclear'").param(id).query(Integer.class).single();
        syncline.bean(Notes.class).park(new Claim(orders().get(0), fence - 1, 1, false), new Sent.Refused(422, "too late"));
        assertThat(state()).startsWith("unclear");
        workshop.goOn();
        untilThere(2);
    }

    @Test
    void promise11WhatIsReadWhileAnEditIsUnderWayIsReadAgain() {
        workshop.holdLookUps();
        workshop.fault(Workshop.Fault.HANGS);
        edit(2);
        until(() -> effects().size() == 1);
        JsonNode early = syncline.run(RunningSyncline.request("stock", Mode.FULL));
        assertThat(RunningSyncline.entity(early, "things").path("counts").path("stale").asInt()).as(early.toPrettyString()).isEqualTo(1);
        workshop.goOn();
        untilThere(2);
        assertThat(effects()).hasSize(1);
    }

    /** Whoever sent it was killed, or slept too long: its claim ends, and what may have arrived is looked up. */
    @Test
    void aWorkerThatVanishesLosesItsClaimAndWhatItNotesTooLateIsNotTaken() {
        workshop.fault(Workshop.Fault.HANGS);
        edit(2);
        untilThere(2);
        assertThat(orders()).hasSize(1);
        assertThat(workshop.lookUps()).anyMatch(order -> order.id().equals(orders().get(0).id()));
        workshop.goOn();
        edit(3);
        untilThere(3);
        assertThat(effects()).hasSize(2);
    }

    @Test
    void manyEditsAtOnceEachTakeEffectOnce() {
        for (int n = 0; n < 60; n++) {
            workshop.put("things", "m" + n, "{\"name\": \"Many " + n + "\", \"price\": 1, \"gone\": false}");
        }
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        workshop.fault(Workshop.Fault.LOST_ANSWER, Workshop.Fault.LOST_ORDER, Workshop.Fault.DOWN, Workshop.Fault.LOST_ANSWER, Workshop.Fault.HANGS);
        sql.sql("update stock.things set price = 9 where ws_id like 'm%'").update();
        until(() -> count("stock.things where ws_id like 'm%' and sync_status = 'synced'") == 60);
        workshop.goOn();
        assertThat(workshop.effects().stream().filter(effect -> effect.startsWith("UPDATE m"))).hasSize(60).doesNotHaveDuplicates();
        assertThat(workshop.orders().stream().filter(order -> order.key() != null && order.key().startsWith("m")).map(WriteOrder::id).distinct()).hasSize(60);
    }
}
