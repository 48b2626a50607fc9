package io.syncline.store;

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
        broken("update pricebook.items_history h set document = o.document, hash = o.hash from pricebook.items_history o where h.revision = 2 and o.revision = 2 and o.row_id <> h.row_id", 2);
        broken("delete from pricebook.items_history where row_id = 2 and revision = 1", 1);
        broken("insert into pricebook.items_history select row_id, 99, org_id, st_id, 2, 3, valid_from + interval '1 microsecond', valid_to + interval '1 hour', deleted, document, hash"
                + " from pricebook.items_history where row_id = 1 and revision = 1", 2);
        broken("update pricebook.items set document = document || ' ' where row_id = 1", 3);
        broken("update syncline.snapshot set sealed_at = sealed_at + interval '1 microsecond' where number = 2", 2);
        broken("delete from syncline.snapshot where number = 2", 3);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    /** Somebody with all rights tampers with the triggers off. */
    private void broken(String tampering, long expected) {
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local session_replication_role = replica");
            store.jdbc.execute(tampering);
            assertThat(store.chain.firstBroken("pricebook", "default")).as(tampering).hasValueSatisfying(link -> assertThat(link.number()).isEqualTo(expected));
            status.setRollbackOnly();
        });
    }
}
