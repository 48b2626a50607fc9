package io.syncline.store;

import io.syncline.change.Outcome;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is pushed, what the system answers, and what the row says afterwards. */
@ExtendWith(Store.Closing.class)
class SettlementTest {
    private final Store store = new Store(Store.twoWay());

    @AfterEach
    void theChainHolds() {
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    private String row() {
        return store.one("select concat_ws(' ', coalesce(st_id, '-'), name, price, sync_status, case when deleted_at is not null then 'deleted' end,"
                + " 'base ' || st_base) from pricebook.items order by row_id limit 1", String.class);
    }

    private List<String> entries() {
        return store.jdbc.queryForList("select concat_ws(' ', action, state, key, document, 'on ' || agreed) from syncline.push order by number", String.class);
    }

    /** A pump for 1 that both sides agree on. */
    private void agreed() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
    }

    /** The same; it costs 2 here now, and that waits to be sent. */
    private void pushed() {
        agreed();
        store.jdbc.update("update pricebook.items set price = 2");
        store.push();
    }

    private void made() {
        store.jdbc.update("insert into pricebook.items (name, price) values ('Ours', 1)");
        store.push();
    }

    private void deleted() {
        store.jdbc.update("delete from pricebook.items");
        store.push();
    }

    @Test
    void anEditIsSentOnlyOnceItStandsInASnapshot() {
        agreed();
        store.jdbc.update("update pricebook.items set price = 2");
        assertThat(entries()).isEmpty();
        Published published = store.push();
        assertThat(published.snapshot().changes()).isEqualTo(1);
        assertThat(entries()).containsExactly("update waiting 1 {\"name\":\"Pump\",\"price\":2} on {\"name\":\"Pump\",\"price\":1}");
        assertThat(store.push().snapshot()).as("nothing happened since").isNull();
        assertThat(entries()).hasSize(1);
    }

    @Test
    void whatTheSystemAnsweredIsAgreed() {
        store.run("items", "{id: 1, name: 'Pump', price: 1, version: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        store.push();
        store.answer("items", "{id: 1, name: 'Pump', price: 2, version: 2}");
        assertThat(store.push().counts().get("items")).isEqualTo(Map.of(Outcome.ECHO, 1L));
        assertThat(row()).isEqualTo("1 Pump 2 synced");
        assertThat(store.one("select st_version from pricebook.items", Long.class)).isEqualTo(2);
        assertThat(entries()).containsExactly("update done 1 {\"name\":\"Pump\",\"price\":2} on {\"name\":\"Pump\",\"price\":1}");
        assertThat(store.run("items", "{id: 1, name: 'Pump', price: 2, version: 2}").snapshot()).as("promise 10").isNull();
    }

    @Test
    void whatTheSystemNormalisedIsTakenOver() {
        agreed();
        store.jdbc.update("update pricebook.items set price = 2, name = ' pump '");
        store.push();
        store.answer("items", "{id: 1, name: 'PUMP', price: 2}");
        assertThat(store.push().counts().get("items")).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThat(row()).isEqualTo("1 PUMP 2 synced");
        assertThat(store.push().snapshot()).isNull();
        assertThat(entries()).as("nothing is sent for it again").hasSize(1);
    }

    @Test
    void whatWasEditedSinceStaysAndIsSentNextUponWhatWasAnswered() {
        pushed();
        store.answer("items", "{id: 1, name: 'PUMP', price: 2}");
        store.jdbc.update("update pricebook.items set price = 3");
        store.push();
        assertThat(row()).isEqualTo("1 PUMP 3 pending_push base {\"name\":\"PUMP\",\"price\":2}");
        assertThat(entries()).containsExactly("update done 1 {\"name\":\"Pump\",\"price\":2} on {\"name\":\"Pump\",\"price\":1}",
                "update waiting 1 {\"name\":\"PUMP\",\"price\":3} on {\"name\":\"PUMP\",\"price\":2}");
    }

    @Test
    void aNeverSentEntryIsOvertakenByTheNextEditAndByAnEditBack() {
        pushed();
        store.jdbc.update("update pricebook.items set price = 3");
        store.push();
        assertThat(entries()).containsExactly("update overtaken 1 {\"name\":\"Pump\",\"price\":2} on {\"name\":\"Pump\",\"price\":1}",
                "update waiting 1 {\"name\":\"Pump\",\"price\":3} on {\"name\":\"Pump\",\"price\":1}");
        store.jdbc.update("update pricebook.items set price = 1");
        store.push();
        assertThat(store.count("syncline.push where ended_at is null")).isZero();
    }

    @Test
    void aRecordMadeHereGetsItsKeyByANewVersion() {
        made();
        long made = store.one("select max(id) from syncline.snapshot", Long.class);
        assertThat(entries()).containsExactly("create waiting {\"name\":\"Ours\",\"price\":1}");
        store.answer("items", "{id: 77, name: 'Ours', price: 1, active: true}");
        assertThat(store.push().counts().get("items")).isEqualTo(Map.of(Outcome.LINK, 1L));
        assertThat(row()).isEqualTo("77 Ours 1 synced");
        assertThat(store.one("select count(*) from pricebook.items_as_of_snapshot(?)", Long.class, made)).isEqualTo(1);
        assertThat(store.one("select st_id is null from pricebook.items_history", Boolean.class)).as("the version before had none").isTrue();
        assertThat(store.run("items", "{id: 77, name: 'Ours', price: 1, active: true}").snapshot()).isNull();
    }

    @Test
    void aRecordMadeHereAndDeletedBeforeItsAnswerCameIsDeletedThere() {
        made();
        store.answer("items", "{id: 77, name: 'Ours', price: 1}");
        deleted();
        assertThat(row()).isEqualTo("77 Ours 1 pending_push deleted base {\"name\":\"Ours\",\"price\":1}");
        assertThat(entries().get(1)).startsWith("delete waiting 77");
        store.answer("items", null);
        assertThat(store.push().counts().get("items")).isEqualTo(Map.of(Outcome.CONVERGED, 1L));
        assertThat(row()).isEqualTo("77 Ours 1 synced deleted");
        assertThat(store.one("select st_hash = '\\x' from pricebook.items", Boolean.class)).isTrue();
    }

    @Test
    void aRowBroughtBackBeforeItsDeletionWasAnsweredIsRestoredThere() {
        agreed();
        deleted();
        store.answer("items", "{id: 1, gone: true}");
        store.jdbc.update("update pricebook.items set deleted_at = null");
        store.push();
        assertThat(row()).isEqualTo("1 Pump 1 pending_push base {\"name\":\"Pump\",\"price\":1}");
        assertThat(entries().get(1)).startsWith("restore waiting 1");
        store.answer("items", "{id: 1, name: 'Pump', price: 1}");
        store.push();
        assertThat(row()).isEqualTo("1 Pump 1 synced");
    }

    @Test
    void aRowDeletedBeforeItsEditWasAnsweredIsDeletedThere() {
        pushed();
        store.answer("items", "{id: 1, name: 'Pump', price: 2}");
        deleted();
        assertThat(row()).isEqualTo("1 Pump 2 pending_push deleted base {\"name\":\"Pump\",\"price\":2}");
    }

    @Test
    void anEditTakenBackWhileItWasUnderWayIsTakenBackThere() {
        pushed();
        store.answer("items", "{id: 1, name: 'Pump', price: 2}");
        store.jdbc.update("update pricebook.items set price = 1");
        assertThat(row()).isEqualTo("1 Pump 1 synced");
        store.push();
        assertThat(row()).isEqualTo("1 Pump 1 pending_push base {\"name\":\"Pump\",\"price\":2}");
        assertThat(entries().get(1)).startsWith("update waiting 1 {\"name\":\"Pump\",\"price\":1}");
    }

    @Test
    void promise11WhatIsUnderWayThereIsReadAgainAndItsEchoIsKnown() {
        pushed();
        store.sent();
        Published early = store.run("items", "{id: 1, name: 'PUMP', price: 2}");
        assertThat(early.counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(early.undecided()).as("the mark does not pass it").containsExactly("items");
        assertThat(store.run("items", "{id: 1, gone: true}").undecided()).containsExactly("items");
        store.answer("items", "{id: 1, name: 'PUMP', price: 2}");
        assertThat(store.run("items", "{id: 1, name: 'PUMP', price: 2}").counts().get("items")).isEqualTo(Map.of(Outcome.ECHO, 1L));
        store.push();
        assertThat(row()).isEqualTo("1 PUMP 2 synced");
        assertThat(entries()).hasSize(1);
    }

    /** Its answer came before that, is settled after it, and nothing in it tells which was first. */
    @Test
    void promise9AnAnswerDoesNotTakeBackARowThatBothSidesHaveDeletedSince() {
        pushed();
        store.answer("items", "{id: 1, name: 'Pump', price: 2}");
        store.jdbc.update("delete from pricebook.items");
        assertThat(store.run("items", "{id: 1, gone: true}").undecided()).as("the mark does not pass it").containsExactly("items");
        assertThat(store.push().counts().get("items")).isEqualTo(Map.of(Outcome.ECHO, 1L));
        assertThat(row()).isEqualTo("1 Pump 2 pending_push deleted base {\"name\":\"Pump\",\"price\":2}");
        assertThat(store.run("items", "{id: 1, gone: true}").counts().get("items")).isEqualTo(Map.of(Outcome.CONVERGED, 1L));
        assertThat(store.push().counts().get("items")).isEmpty();
        assertThat(row()).isEqualTo("1 Pump 2 synced deleted");
        assertThat(entries().get(1)).startsWith("delete overtaken");
    }

    @Test
    void anAnswerOlderThanWhatWasSeenSinceChangesNothing() {
        store.run("items", "{id: 1, name: 'Pump', price: 1, version: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        store.push();
        store.run("items", "{id: 1, name: 'Pump', price: 2, version: 3}");
        store.answer("items", "{id: 1, name: 'Pump', price: 2, version: 2}");
        store.push();
        assertThat(store.one("select st_version from pricebook.items", Long.class)).isEqualTo(3);
        assertThat(row()).isEqualTo("1 Pump 2 synced");
    }

    @Test
    void whatIsRefusedWaitsForAnotherEdit() {
        agreed();
        store.jdbc.update("update pricebook.items set price = -2");
        store.push();
        store.jdbc.update("update syncline.push set state = 'parked', reason = 'price: is negative', next_attempt_at = null");
        store.push();
        assertThat(entries()).hasSize(1);
        store.jdbc.update("update pricebook.items set price = 2");
        store.push();
        assertThat(entries().get(0)).startsWith("update overtaken");
        assertThat(entries().get(1)).startsWith("update waiting");
    }

    @Test
    void aRowThatCameIntoConflictIsNotSent() {
        pushed();
        store.run("items", "{id: 1, name: 'Pump', price: 3}");
        assertThat(entries()).singleElement().asString().startsWith("update overtaken");
        assertThat(store.one("select end_reason from syncline.push", String.class)).isEqualTo("a conflict about it is open");
    }

    @Test
    void promise11WhatMayBeTheRecordThatWeMakeThereWaitsUntilThatIsSettled() {
        made();
        store.sent();
        Published early = store.run("items", "{id: 77, name: 'Ours', price: 1}", "{id: 78, name: 'Theirs', price: 1}");
        assertThat(early.counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L, Outcome.CREATE, 1L));
        assertThat(early.undecided()).as("the mark does not pass it").containsExactly("items");
        store.answer("items", "{id: 77, name: 'Ours', price: 1}");
        store.push();
        assertThat(store.run("items", "{id: 77, name: 'Ours', price: 1}").snapshot()).isNull();
        assertThat(store.count("pricebook.items where name = 'Ours'")).isEqualTo(1);
    }

    /** It was read, and judged as new, before anybody knew that it would be sent; then its answer came. */
    @Test
    void promise11ARecordThatWasReadBeforeItsAnswerWasSettledIsNotMadeTwice() {
        made();
        long sent = store.open();
        store.stage(sent, "items", "{id: 77, name: 'Ours', price: 1}", "{id: 78, name: 'Theirs', price: 1}");
        long answered = store.open();
        store.stage(answered, "items", "{id: 77, name: 'OURS', price: 1}");
        store.sent();
        Published early = store.publish(sent);
        assertThat(early.counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L, Outcome.CREATE, 1L));
        assertThat(early.undecided()).as("the mark does not pass it").containsExactly("items");
        store.answer("items", "{id: 77, name: 'OURS', price: 1}");
        assertThat(store.publish(answered).undecided()).containsExactly("items");
        store.push();
        assertThat(store.run("items", "{id: 77, name: 'OURS', price: 1}").snapshot()).isNull();
        assertThat(store.count("pricebook.items")).isEqualTo(2);
    }

    /** Deleted there as soon as it was made, and shown so before its answer was settled, with nothing in it by which it could be known. */
    @Test
    void promise2ADeletionThatMayBeOfTheRecordThatWeMakeThereIsNotPassedByTheMark() {
        made();
        assertThat(store.run("items", "{id: 77, gone: true}").undecided()).as("nothing was sent").isEmpty();
        store.sent();
        assertThat(store.run("items", "{id: 77, gone: true}").undecided()).as("it may be ours").containsExactly("items");
        store.answer("items", "{id: 77, name: 'Ours', price: 1}");
        assertThat(store.run("items", "{id: 78, gone: true}").undecided()).as("ours is another one").isEmpty();
        assertThat(store.run("items", "{id: 77, gone: true}").undecided()).as("it is ours").containsExactly("items");
        store.push();
        assertThat(store.run("items", "{id: 77, gone: true}").counts().get("items")).isEqualTo(Map.of(Outcome.DELETE, 1L));
    }

    @Test
    void aParentIsNamedByItsKeyOrByItsRow() {
        store.run("categories", "{id: 9, name: 'Pumps'}", "{id: 10, name: 'Pipes'}");
        store.jdbc.update("insert into pricebook.items (name, category_row) select 'Pump', row_id from pricebook.categories where st_id = '9'");
        assertThat(store.one("select category from pricebook.items", String.class)).isEqualTo("9");
        store.jdbc.update("update pricebook.items set category_row = (select row_id from pricebook.categories where st_id = '10')");
        assertThat(store.one("select category from pricebook.items", String.class)).isEqualTo("10");
        store.jdbc.update("update pricebook.items set category = null");
        assertThat(store.one("select category_row is null from pricebook.items", Boolean.class)).isTrue();
        assertThatThrownBy(() -> store.jdbc.update("update pricebook.items set category_row = 4711")).hasMessageContaining("there is no row 4711 of");
    }

    @Test
    void aChildWaitsForItsParentsKeyAndIsSentWithIt() {
        store.jdbc.update("insert into pricebook.categories (name) values ('Pumps')");
        store.jdbc.update("insert into pricebook.items (name, category_row) select 'Pump', row_id from pricebook.categories");
        store.push();
        assertThat(entries()).containsExactly("create waiting {\"name\":\"Pumps\"}", "create waiting {\"name\":\"Pump\"}");
        assertThat(store.one("select next_attempt_at is null from syncline.push where entity = 'items'", Boolean.class)).isTrue();
        store.answer("categories", "{id: 9, name: 'Pumps'}");
        store.jdbc.update("update syncline.push set state = 'waiting', claimed_by = null, claimed_until = null where entity = 'items'");
        store.push();
        assertThat(store.one("select category || ' ' || document || ' ' || revision from pricebook.items", String.class))
                .isEqualTo("9 {\"category\":\"9\",\"name\":\"Pump\"} 2");
        assertThat(store.jdbc.queryForList("select state || ' ' || document || (next_attempt_at is not null) from syncline.push where entity = 'items' "
                + "order by number",
                String.class)).containsExactly("overtaken {\"name\":\"Pump\"}false", "waiting {\"category\":\"9\",\"name\":\"Pump\"}true");
        assertThat(store.count("syncline.local_edit where entity = 'items'")).as("it is nobody's edit").isEqualTo(1);
    }
}
