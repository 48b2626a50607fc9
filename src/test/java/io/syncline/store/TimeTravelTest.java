package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promises 10, 19 and 20. */
@ExtendWith(Store.Closing.class)
class TimeTravelTest {
    private final Store store = new Store(Store.pricebook());

    @Test
    void everySnapshotStaysAsItWasOverFiftyRandomRounds() {
        SplittableRandom random = new SplittableRandom(7);
        Map<Long, Map<String, String>> snapshots = new LinkedHashMap<>();
        Map<String, Map<String, String>> instants = new LinkedHashMap<>();
        Map<String, Integer> source = new TreeMap<>();
        for (int round = 1; round <= 50; round++) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                source.put("k" + random.nextInt(30), random.nextInt(50));
            }
            String gone = random.nextInt(3) == 0 ? source.keySet().iterator().next() : "none";
            source.remove(gone);
            List<String> records = new ArrayList<>();
            source.forEach((key, price) -> records.add("{id: '" + key + "', name: 'N', price: " + price + "}"));
            if (!gone.equals("none")) {
                records.add("{id: '" + gone + "', name: 'N', price: 1, gone: true}");
            }
            long run = store.open();
            store.stage(run, "items", records.toArray(String[]::new));
            if (random.nextInt(3) == 0) {
                store.jdbc.update("update pricebook.items set price = ? where row_id % 5 = ?", 1000 + round, random.nextInt(5));
            }
            if (random.nextInt(5) == 0) {
                store.jdbc.update("delete from pricebook.items where row_id % 7 = ?", random.nextInt(7));
                store.jdbc.update("insert into pricebook.items (name, price) values ('local', ?)", round);
            }
            Published published = store.publisher.publish(store.order(run, "default", true, all -> { }));
            assertThat(published.snapshot().number()).isEqualTo(round);
            snapshots.put(published.snapshot().id(), live());
            if (random.nextBoolean()) {
                store.jdbc.update("update pricebook.items set sold = ? where row_id % 11 = ?", round, random.nextInt(11));
            }
            instants.put(store.one("select clock_timestamp()::text", String.class), live());
        }
        snapshots.forEach((id, rows) -> assertThat(rows("pricebook.items_as_of_snapshot(" + id + ")")).as("snapshot " + id).isEqualTo(rows));
        assertThatThrownBy(() -> rows("pricebook.items_as_of(now() + interval '1 second')")).rootCause().hasMessageContaining("is not in the past");
        instants.forEach((at, rows) -> assertThat(rows("pricebook.items_as_of('" + at + "')")).as("at " + at).isEqualTo(rows));
        assertThat(store.count("pricebook.items_as_of_snapshot(50) where sha256(convert_to(document, 'UTF8')) <> hash")).isZero();
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        assertThatThrownBy(() -> rows("pricebook.items_as_of_snapshot(999)")).hasStackTraceContaining("there is no snapshot 999 of pricebook");
    }

    private Map<String, String> live() {
        return rows("pricebook.items_live");
    }

    private Map<String, String> rows(String from) {
        Map<String, String> rows = new TreeMap<>();
        store.jdbc.query("select row_id, document || coalesce(price::text, '-') || coalesce(name, '-') from " + from, row -> { rows.put(row.getString(1),
                row.getString(2)); });
        return rows;
    }

    @Test
    void theSameInputASecondTimeWritesNoRow() {
        Store single = new Store(Store.pricebook(), Store.pool(1));
        String[] records = {"{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 2}", "{id: 3, name: 'Tap', price: 3}"};
        single.run("items", records);
        String before = written(single);
        assertThat(single.run("items", records).snapshot()).isNull();
        assertThat(written(single)).isEqualTo(before);
        single.run("items", "{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 5}", "{id: 3, name: 'Tap', price: 3}");
        assertThat(written(single)).as("a write would have been counted").isNotEqualTo(before);
    }

    /** What PostgreSQL itself counted of rows written in the entity's tables, by the one connection there is. */
    private static String written(Store store) {
        store.jdbc.query("select pg_stat_force_next_flush()", row -> { });
        return store.one("""
                select string_agg(relname || ' ' || n_tup_ins || ' ' || n_tup_upd || ' ' || n_tup_del, ', ' order by relname)
                from pg_stat_all_tables where schemaname = 'pricebook'""", String.class);
    }

    @Test
    void whatChangesSealedDataIsRefusedAndWhoGetsAroundThatIsNamed() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}");
        store.run("items", "{id: 1, name: 'Pump', price: 2}", "{id: 2, name: 'Pipe', price: 2}");
        store.run("items", "{id: 1, name: 'Pump', price: 3}", "{id: 2, name: 'Pipe', price: 3}");
        for (String statement : List.of("update pricebook.items_history set deleted = true", "delete from pricebook.items_history",
                "truncate pricebook.items_history",
                "update syncline.snapshot set number = 9", "delete from syncline.snapshot", "truncate syncline.snapshot cascade")) {
            assertThatThrownBy(() -> store.jdbc.execute(statement)).as(statement).hasStackTraceContaining("is refused: what is sealed stays as it is");
        }
        broken("update pricebook.items_history set document = replace(document, '1', '7') where row_id = 1 and revision = 1", 1);
        broken("update pricebook.items_history set valid_to = valid_to - interval '1 microsecond' where row_id = 1 and revision = 2", 3);
        broken("update pricebook.items_history h set document = o.document, hash = o.hash from pricebook.items_history o where h.revision = 2"
                + " and o.revision = 2 and o.row_id <> h.row_id", 2);
        broken("delete from pricebook.items_history where row_id = 2 and revision = 1", 1);
        broken("insert into pricebook.items_history select row_id, 99, org_id, st_id, 2, 3, valid_from + interval '1 microsecond', valid_to + interval '1 "
                + "hour', deleted, document, hash" + " from pricebook.items_history where row_id = 1 and revision = 1", 2);
        broken("update pricebook.items set document = document || ' ' where row_id = 1", 3);
        broken("update syncline.snapshot set sealed_at = sealed_at + interval '1 microsecond' where number = 2", 2);
        broken("delete from syncline.snapshot where number = 2", 3);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void whatIsShownBesideTheDocumentIsVerifiedToo() {
        store.run("categories", "{id: 'w', name: 'Water'}", "{id: 'h', name: 'Heat'}");
        store.run("items", "{id: 1, name: 'Pump', price: 4.5, tags: ['a'], category: 'w'}", "{id: 2, name: 'Pipe', price: 2, sold: 3, active: true}");
        store.run("items", "{id: 2, name: 'Pipe', price: 3}", "{id: 3, name: 'Old'}", "{id: 4, name: 'Gone'}");
        store.run("items", "{id: 3, name: 'Old', gone: true}");
        store.jdbc.update("delete from pricebook.items where st_id = '4'");
        assertThat(store.publish(store.open()).snapshot().number()).isEqualTo(5);
        store.jdbc.update("insert into pricebook.items (name, price, category) values ('Ours', 1.50, 'nobody')");
        store.jdbc.update("update pricebook.items set price = 7 where st_id = '2'");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        String items = "update pricebook.items set ";
        broken(items + "price = 1 where st_id = '1'", 2, "row 1 of items says something else in price than in its document");
        broken(items + "tags = '[\"b\"]' where st_id = '1'", 2, "tags");
        broken(items + "price = 1 where st_id = '2'", 0, "row 2 of items says something else in price");
        broken(items + "sold = 9 where name = 'Ours'", 0, "in sold than");
        broken(items + "name = 'x', document = replace(document, 'Ours', 'x'), hash = sha256(convert_to(replace(document, 'Ours', 'x'), 'UTF8'))"
                + " where name = 'Ours'", 0, "is not sealed, and not what the journal says");
        broken(items + "document = 'no JSON' where name = 'Ours'", 0, "not what the journal says");
        broken(items + "st_id = '80500' where st_id = '1'", 2, "not what was sealed");
        broken(items + "st_id = null, st_hash = null where st_id = '1'", 2, "not what was sealed");
        broken("update pricebook.items_history set st_id = '80500' where row_id = 2", 2, "not what was sealed");
        broken("update syncline.local_edit set side_key = '80500' where snapshot_id is null and row_id = 2", 3, "not what was sealed");
        broken(items + "hash = sha256('') where st_id = '1'", 2, "not what was sealed");
        broken("update pricebook.items_history set hash = sha256('') where row_id = 2", 2, "not what was sealed");
        broken(items + "category_row = 2 where st_id = '1'", 2, "row 1 of items does not point to the row that its category names");
        broken(items + "category_row = null where st_id = '1'", 2, "its category names");
        broken(items + "category_row = 1 where name = 'Ours'", 0, "its category names");
        broken(items + "deleted_at = deleted_at - interval '1 day' where st_id = '3'", 4, "was not deleted when it says");
        broken(items + "deleted_by_side = 'local' where st_id = '3'", 4, "was not deleted by the side it says");
        broken(items + "deleted_by_side = 'st' where st_id = '4'", 5, "was not deleted by the side it says");
        broken(items + "deleted_at = null, deleted_by_side = null where st_id = '3'", 4, "not what was sealed");
        broken(items + "org_id = 'other' where st_id = '1'", 2, "2 changes were sealed, 1 are there");
        broken(items + "org_id = 'other' where st_id = '1'", "other", 2, "row 1 of items points to a snapshot of another sync or organisation");
        broken("update pricebook.items_history set org_id = 'other'", "other", 2, "in history");
        broken("update syncline.local_edit set organisation = 'other' where snapshot_id is null and row_id = 2", "other", 3, "has an edit");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void aKeyThatARowGetsLaterIsANewVersionAndTheOneBeforeHadNone() {
        store.jdbc.update("insert into pricebook.items (name, price) values ('Pump', 1)");
        Published sealed = store.publish(store.open());
        long row = store.one("select row_id from pricebook.items", Long.class);
        long run = store.open();
        Change created = store.stage(run, "items", "{id: 1, name: 'Pump', price: 1}").get(0);
        store.staging.drop(run, store.sync);
        store.stage(run, store.entity("items"), "default", List.of(new Change(Outcome.LINK, "pushed", created.observed(),
                new Stored(row, 1, null, false, null, false, null, null), created.document(), true, List.of(), null)));
        store.publish(run);
        assertThat(store.one("select st_id || revision from pricebook.items", String.class)).isEqualTo("12");
        assertThat(store.count("pricebook.items_as_of_snapshot(?) where st_id is null", sealed.snapshot().id())).isOne();
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        broken("update pricebook.items_history set st_id = '1'", 1, "not what was sealed");
        broken("update pricebook.items_history set st_id = ''", 1, "not what was sealed");
    }

    private void broken(String tampering, long expected) {
        broken(tampering, expected, "");
    }

    private void broken(String tampering, long expected, String problem) {
        broken(tampering, "default", expected, problem);
    }

    /** Somebody with all rights tampers with the triggers off. */
    private void broken(String tampering, String organisation, long expected, String problem) {
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local session_replication_role = replica");
            assertThat(store.jdbc.update(tampering)).as(tampering).isPositive();
            assertThat(store.chain.firstBroken("pricebook", organisation)).as(tampering).hasValueSatisfying(link -> {
                assertThat(link.number()).as(tampering + ": " + link.problem()).isEqualTo(expected);
                assertThat(link.problem()).as(tampering).contains(problem);
            });
            status.setRollbackOnly();
        });
    }
}
