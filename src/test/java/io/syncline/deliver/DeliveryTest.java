package io.syncline.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Edits on their way to a system that fails in every way, in the whole product: promises 1, 11, 12, 13 and 24. */
class DeliveryTest extends AtTheWorkshop {
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
        until(() -> state().equals("waiting: the password has changed"));
        assertThat(asked("GET", "/syncs/stock", null, 200).path("pushes").path("barred").asText()).isEqualTo("the password has changed");
        assertThat(count("syncline.push_bar where lets_nobody_in and until > clock_timestamp()")).isOne();
        assertThat(count("syncline.push where key = '" + id + "' and attempts = 0 and next_attempt_at > clock_timestamp()")).as("it is no attempt").isOne();
        sql.sql("update syncline.push set next_attempt_at = clock_timestamp() where key = ?").param(id).update();
        assertThat(syncline.bean(Pushes.class).claim()).as("though it is due").isEmpty();
        sql.sql("update syncline.push_bar set until = clock_timestamp()").update();
        untilThere(2);
        assertThat(orders()).hasSize(2);
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
        theClaimOfWhatHangsEnds();
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
        theClaimOfWhatHangsEnds();
        until(() -> count("stock.things where ws_id like 'm%' and sync_status = 'synced'") == 60);
        workshop.goOn();
        assertThat(workshop.effects().stream().filter(effect -> effect.startsWith("UPDATE m"))).hasSize(60).doesNotHaveDuplicates();
        assertThat(workshop.orders().stream().filter(order -> order.key() != null && order.key().startsWith("m")).map(WriteOrder::id).distinct()).hasSize(60);
    }
}
