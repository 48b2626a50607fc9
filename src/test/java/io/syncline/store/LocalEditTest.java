package io.syncline.store;

import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.change.Stored;
import io.syncline.record.FieldType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(Store.Closing.class)
class LocalEditTest {
    private final Store store = new Store(Store.pricebook());

    private Stored stored(String key) {
        return store.states.find(store.sync, store.entity("items"), "default", List.of(key)).get(key);
    }

    @Test
    void anEditInPlainSqlIsJournalledStampedAndKeepsWhatWasAgreed() {
        store.run("items", "{id: 1, name: 'Pump', price: 4.5}");
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.actor = 'ann'");
            store.jdbc.update("update pricebook.items set price = 5.50 where st_id = '1'");
        });
        assertThat(store.one("select document from pricebook.items", String.class)).isEqualTo("{\"name\":\"Pump\",\"price\":5.5}");
        assertThat(store.one("select st_base from pricebook.items", String.class)).isEqualTo("{\"name\":\"Pump\",\"price\":4.5}");
        assertThat(store.one("select sync_status || ' ' || sync_direction || ' ' || revision || ' ' || snapshot_id || ' ' || local_modified_by"
                + " from pricebook.items", String.class)).isEqualTo("pending_push push 2 0 ann");
        assertThat(store.one("select sha256(convert_to(document, 'UTF8')) = hash from pricebook.items", Boolean.class)).isTrue();
        assertThat(store.one("select actor || ' ' || operation || ' ' || before || after from syncline.local_edit", String.class))
                .isEqualTo("ann update {\"name\":\"Pump\",\"price\":4.5}{\"name\":\"Pump\",\"price\":5.5}");
        assertThat(stored("1").localChange().base().text()).isEqualTo("{\"name\":\"Pump\",\"price\":4.5}");
        assertThat(stored("1").localChange().at()).isNotNull();

        store.jdbc.update("update pricebook.items set price = 4.50 where st_id = '1'");
        assertThat(stored("1").localChange()).as("edited back to what was agreed").isNull();
        assertThat(store.one("select sync_status from pricebook.items", String.class)).isEqualTo("synced");
    }

    @Test
    void writingTheSameValueIsNoEdit() {
        store.run("items", "{id: 1, name: 'Pump', price: 4.5}");
        store.jdbc.update("update pricebook.items set price = 4.500, name = name");
        assertThat(store.count("syncline.local_edit")).isZero();
        assertThat(stored("1").revision()).isEqualTo(1);
    }

    @Test
    void anInsertedRowPointsToSnapshotZeroUntilItIsSealed() {
        store.jdbc.update("insert into pricebook.items (name, price) values ('Ours', 1)");
        assertThat(store.one("select snapshot_id || org_id || sync_status from pricebook.items", String.class)).isEqualTo("0defaultpending_push");
        long run = store.open();
        Published published = store.publish(run);
        assertThat(published.snapshot().changes()).isEqualTo(1);
        assertThat(store.one("select snapshot_id from pricebook.items", Long.class)).isEqualTo(published.snapshot().id());
        assertThat(store.count("syncline.local_edit where snapshot_id = ?", published.snapshot().id())).isEqualTo(1);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void aRowDeletedByAPersonIsKeptAndCanBeRestored() {
        store.run("items", "{id: 1, name: 'Pump'}");
        store.jdbc.update("delete from pricebook.items");
        assertThat(store.one("select deleted_at is not null and deleted_by_side = 'local' from pricebook.items", Boolean.class)).isTrue();
        assertThat(store.count("pricebook.items_live")).isZero();
        assertThat(stored("1").deleted()).isTrue();
        assertThat(stored("1").localChange().deletedHere()).isTrue();
        assertThat(store.one("select operation from syncline.local_edit", String.class)).isEqualTo("delete");
        store.jdbc.update("update pricebook.items set deleted_at = null");
        assertThat(stored("1").deleted()).isFalse();
        assertThat(stored("1").localChange()).isNull();
    }

    @Test
    void syncColumnsCannotBeSetByHand() {
        store.run("items", "{id: 1, name: 'Pump'}");
        for (String set : List.of("st_hash = 'x'", "document = '{}'", "revision = 7", "snapshot_id = 0", "sync_status = 'synced', st_id = '2'",
                "org_id = 'other'", "st_base = 'x'")) {
            assertThatThrownBy(() -> store.jdbc.update("update pricebook.items set " + set)).isInstanceOf(DataAccessException.class)
                    .hasStackTraceContaining("Syncline keeps the sync columns of pricebook.items itself")
                            .hasStackTraceContaining("Update the record's own fields");
        }
        assertThatThrownBy(() -> store.jdbc.update("insert into pricebook.items (name, st_id) values ('x', '9')"))
                .hasStackTraceContaining("leave the other columns out");
        assertThatThrownBy(() -> store.jdbc.update("truncate pricebook.items cascade")).hasStackTraceContaining("Use delete");
    }

    @Test
    void aColumnOfOnesOwnIsNobodysBusiness() {
        store.jdbc.execute("alter table pricebook.items add column vendor_price numeric");
        store.run("items", "{id: 1, name: 'Pump'}");
        store.jdbc.update("update pricebook.items set vendor_price = 3");
        store.run("items", "{id: 1, name: 'Pump 2'}");
        assertThat(store.one("select vendor_price from pricebook.items", Integer.class)).as("promise 18").isEqualTo(3);
        assertThat(store.count("syncline.local_edit")).isZero();
    }

    @Test
    void aReadOnlyEntityRefusesEditsButNotColumnsOfOnesOwn() {
        Store readOnly = new Store(Store.sync(Store.entity("cases", Rules.Policy.REVIEW, true, Store.field("title", FieldType.TEXT))));
        readOnly.jdbc.execute("alter table pricebook.cases add column note text");
        readOnly.run("cases", "{id: 1, title: 'A'}");
        assertThatThrownBy(() -> readOnly.jdbc.update("update pricebook.cases set title = 'B'")).hasStackTraceContaining("is read-only here")
                .hasStackTraceContaining("Edit the record at the source");
        assertThatThrownBy(() -> readOnly.jdbc.update("delete from pricebook.cases")).hasStackTraceContaining("is read-only here");
        assertThatThrownBy(() -> readOnly.jdbc.update("insert into pricebook.cases (title) values ('C')")).hasStackTraceContaining("is read-only here");
        assertThat(readOnly.jdbc.update("update pricebook.cases set note = 'mine'")).isEqualTo(1);
        readOnly.run("cases", "{id: 1, title: 'C'}");
        assertThat(readOnly.one("select title || note from pricebook.cases", String.class)).isEqualTo("Cmine");
    }

    @Test
    void theParentOfAnEditedReferenceIsFound() {
        long run = store.open();
        store.stage(run, "categories", "{id: 'w', name: 'Water'}", "{id: 'h', name: 'Heat'}");
        store.stage(run, "items", "{id: 1, name: 'Pump', category: 'w'}");
        store.publish(run);
        store.jdbc.update("update pricebook.items set category = 'h'");
        assertThat(store.one("select c.name from pricebook.items i join pricebook.categories c on c.row_id = i.category_row", String.class)).isEqualTo("Heat");
    }

    @Test
    void aChildThatAPersonInsertsBeforeItsParentPointsToItOnceItIsThere() {
        store.jdbc.update("insert into pricebook.items (name, category) values ('Pump', 'w')");
        store.jdbc.update("insert into pricebook.categories (name, parent) values ('Cold', 'w')");
        store.publish(store.open());
        assertThat(store.count("pricebook.items where category_row is null")).isOne();
        store.run("categories", "{id: 'w', name: 'Water'}");
        assertThat(store.one("select c.name from pricebook.items i join pricebook.categories c on c.row_id = i.category_row", String.class)).isEqualTo("Water");
        assertThat(store.one("select p.name from pricebook.categories c join pricebook.categories p on p.row_id = c.parent_row", String.class))
                .isEqualTo("Water");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void numbersAndTimesThatCannotBeKeptInStepAreRefused() {
        store.run("items", "{id: 1, name: 'Pump'}");
        assertThatThrownBy(() -> store.jdbc.update("update pricebook.items set price = 'NaN'"))
                .hasStackTraceContaining("is no number that can be kept in step");
                assertThatThrownBy(() -> store.jdbc.update("update pricebook.items set price = 1e120"))
                .hasStackTraceContaining("is no number that can be kept in step");
    }

    @Test
    void anEditIsInAsOfBeforeAndAfterItIsSealed() {
        Published first = store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        String between = store.one("select clock_timestamp()::text", String.class);
        store.jdbc.update("update pricebook.items set price = 3");
        String asOf = "select string_agg(document, '') from pricebook.items_as_of(?::timestamptz)";
        String asOfSnapshot = "select string_agg(document, '') from pricebook.items_as_of_snapshot(?)";
        for (int i = 0; i < 2; i++) {
            assertThat(store.one(asOf, String.class, first.snapshot().sealedAt().toString())).contains("\"price\":1");
            assertThat(store.one(asOf, String.class, between)).contains("\"price\":2");
            assertThat(store.one(asOf, String.class, "now")).contains("\"price\":3");
            assertThat(store.one(asOfSnapshot, String.class, first.snapshot().id())).contains("\"price\":1");
            assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
            Published sealed = store.publish(store.open());
            assertThat(sealed.snapshot() == null).isEqualTo(i == 1);
        }
    }

    @Test
    void whatPolicyOverwritesIsLoggedWithBothValues() {
        Store source = new Store(Store.pricebook(Rules.Policy.SOURCE_WINS));
        source.run("items", "{id: 1, name: 'Pump', price: 1}");
        source.jdbc.update("update pricebook.items set price = 2");
        Published published = source.run("items", "{id: 1, name: 'Pump', price: 3}");
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThat(source.one("select state || settled_how || settled_by || base || theirs || ours from syncline.conflict", String.class))
                .isEqualTo("settledtheirspolicy source-wins{\"name\":\"Pump\",\"price\":1}{\"name\":\"Pump\",\"price\":3}{\"name\":\"Pump\",\"price\":2}");
        assertThat(source.one("select st_base is null and sync_status = 'synced' from pricebook.items", Boolean.class)).isTrue();
        assertThat(source.count("pricebook.items_history")).isEqualTo(2);
    }

    @Test
    void oursKeptByPolicyStaysPendingAndIsLoggedOnce() {
        Store local = new Store(Store.pricebook(Rules.Policy.LOCAL_WINS));
        local.run("items", "{id: 1, name: 'Pump', price: 1}");
        local.jdbc.update("update pricebook.items set price = 2");
        local.run("items", "{id: 1, name: 'Pump', price: 3}");
        local.run("items", "{id: 1, name: 'Pump', price: 3}");
        assertThat(local.one("select st_base || sync_status || price from pricebook.items", String.class))
                .isEqualTo("{\"name\":\"Pump\",\"price\":3}pending_push2");
        assertThat(local.one("select settled_how from syncline.conflict", String.class)).isEqualTo("ours");
    }

    @Test
    void aConflictOpensOnceIsRefreshedAndLeavesTheRowAlone() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        assertThat(store.run("items", "{id: 1, name: 'Pump', price: 3}").counts().get("items")).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        assertThat(stored("1").openConflict()).isTrue();
        assertThat(store.one("select fields::text || kind from syncline.conflict", String.class)).isEqualTo("{price}changed-both");
        int revision = stored("1").revision();
        store.run("items", "{id: 1, name: 'Pump', price: 3}");
        assertThat(stored("1").revision()).isEqualTo(revision);
        store.run("items", "{id: 1, name: 'Pumpe', price: 4}");
        assertThat(store.one("select theirs || fields::text || row_revision from syncline.conflict", String.class))
                .isEqualTo("{\"name\":\"Pumpe\",\"price\":4}{price}" + revision);
        assertThat(store.one("select price from pricebook.items", Integer.class)).isEqualTo(2);
    }
}
