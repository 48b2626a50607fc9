package io.syncline.store;

import io.syncline.TestPostgres;
import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(Store.Closing.class)
class EntityTablesTest {
    private final Store store = new Store(declared(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.INTEGER), Store.field("day",
            FieldType.DATE)));

    private static SyncConfig declared(Field... fields) {
        return Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, fields));
    }

    private void migrate(Field... fields) {
        store.sync = declared(fields);
        store.tables.migrate(store.sync);
    }

    @Test
    void aNewFieldBecomesAColumnAndAWiderTypeIsTakenWithItsData() {
        Published first = store.run("items", "{id: 1, name: 'Pump', sold: 5, day: '2026-01-31'}");
        migrate(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.DECIMAL), Store.field("day", FieldType.TIMESTAMP), Store.field("price",
                FieldType.DECIMAL));
        assertThat(store.one("select sold || ' ' || (day at time zone 'UTC') from pricebook.items", String.class)).isEqualTo("5 2026-01-31 00:00:00");
        assertThat(store.chain.firstBroken("pricebook", "default")).as("promise 19: also after a migration").isEmpty();
        store.run("items", "{id: 1, name: 'Pump', sold: 5.5, day: '2026-01-31T00:00:00Z', price: 2}");
        assertThat(store.one("select document from pricebook.items_as_of_snapshot(?)", String.class, first.snapshot().id()))
                .isEqualTo("{\"day\":\"2026-01-31\",\"name\":\"Pump\",\"sold\":5}");
        migrate(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.TEXT), Store.field("day", FieldType.TEXT), Store.field("price",
                FieldType.TEXT));
        assertThat(store.one("select sold || ' ' || day || ' ' || price from pricebook.items_live", String.class)).isEqualTo("5.5 2026-01-31T00:00:00Z 2");
        store.jdbc.update("update pricebook.items set sold = 'many'");
        assertThat(store.one("select document from pricebook.items", String.class)).contains("\"sold\":\"many\"");
    }

    @Test
    void aRowWrittenBeforeAFieldWasWidenedOrGivenUpIsAsItWasSealed() {
        Store old = new Store(declared(Store.field("name", FieldType.JSON), Store.field("sold", FieldType.JSON), Store.field("day", FieldType.DATE),
                Store.field("size", FieldType.DECIMAL)));
        old.run("items", "{id: 1, name: 'Pump', sold: {b: [1, 2.50], a: 'x'}, day: '2026-01-31', size: 2.50}", "{id: 2, name: null, sold: ['b', 'a']}");
        old.jdbc.execute("alter table pricebook.items rename column size to size_kept");
        old.tables.migrate(declared(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.TEXT), Store.field("day", FieldType.TIMESTAMP)));
        assertThat(old.one("select name || sold from pricebook.items where row_id = 1", String.class)).isEqualTo("Pump{\"a\":\"x\",\"b\":[1,2.5]}");
        assertThat(old.count("pricebook.items i join pricebook.items_as_of(clock_timestamp()) a using (row_id)"
                + " where (i.name, i.sold, i.day) is distinct from (a.name, a.sold, a.day)")).isZero();
        assertThat(old.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void whatWouldLoseDataIsRefusedWithTheStatementAPersonMayRun() {
        store.run("items", "{id: 1, name: '7', sold: 5}");
        assertThatThrownBy(() -> migrate(Store.field("name", FieldType.INTEGER), Store.field("day", FieldType.DATE))).isInstanceOf(RefusedMigration.class)
                .hasMessageContaining("alter table \"pricebook\".\"items\" alter column \"name\" type bigint using \"name\"::text::bigint;")
                .hasMessageContaining("pricebook.items.sold is no longer declared").hasMessageContaining("rename column \"sold\" to \"sold_kept\";");
        assertThat(store.one("select name || sold from pricebook.items_live", String.class)).as("nothing was changed").isEqualTo("75");

        String message = refusal(Store.field("name", FieldType.INTEGER), Store.field("day", FieldType.DATE));
        List<String> statements = message.lines().map(String::trim).filter(line -> line.startsWith("alter table") || line.startsWith("drop view")).toList();
        store.jdbc.execute(statements.get(0));
        store.jdbc.execute(statements.get(1));
        migrate(Store.field("name", FieldType.INTEGER), Store.field("day", FieldType.DATE));
        assertThat(store.one("select name + sold_kept from pricebook.items_live", Long.class)).isEqualTo(12);
    }

    /** What it proposed for a number that is to be true or false failed on every number but 0 and 1. */
    @Test
    void whatIsProposedForNumbersAndTruthsRunsOnEveryValue() {
        store.run("items", "{id: 1, name: 'true', sold: 5}");
        for (FieldType type : List.of(FieldType.BOOLEAN, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.DECIMAL, FieldType.INTEGER)) {
            Field[] fields = {Store.field("name", FieldType.TEXT), Store.field("sold", type), Store.field("day", FieldType.DATE)};
            refusal(fields).lines().map(String::trim).filter(line -> line.startsWith("drop view") && line.contains("alter column"))
                    .forEach(store.jdbc::execute);
            migrate(fields);
        }
        assertThat(store.one("select sold from pricebook.items", Integer.class)).isEqualTo(1);
    }

    private String refusal(Field... fields) {
        try {
            migrate(fields);
        } catch (RefusedMigration e) {
            return e.getMessage();
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void aColumnOfPeopleIsNeverTakenOver() {
        store.jdbc.execute("alter table pricebook.items add column cost numeric");
        assertThatThrownBy(() -> migrate(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.INTEGER), Store.field("day", FieldType.DATE),
                Store.field("cost", FieldType.DECIMAL)))
                .hasMessageContaining("belongs to people").hasMessageContaining("rename column \"cost\" to \"cost_local\"");
    }

    @Test
    void aFieldCannotBeCalledLikeASyncColumn() {
        assertThatThrownBy(() -> migrate(Store.field("hash", FieldType.TEXT), Store.field("st_id", FieldType.TEXT)))
                .hasMessageContaining("a field cannot be called \"hash\"").hasMessageContaining("a field cannot be called \"st_id\"");
    }

    @Test
    void hostileNamesAreOnlyNames() {
        String hostile = "x\"; drop schema syncline cascade; --'";
        Store quoted = new Store(Store.sync(Store.entity("odd'\"one", Rules.Policy.REVIEW, false, Store.field(hostile, FieldType.TEXT))));
        long run = quoted.open();
        quoted.stage(run, quoted.entity("odd'\"one"), "default", List.of(quoted.classifier(quoted.entity("odd'\"one")).classify(quoted.observed("odd'\"one",
                "{id: 1}"), null)));
        quoted.publish(run);
        quoted.jdbc.update("update pricebook.\"odd'\"\"one\" set \"" + hostile.replace("\"", "\"\"") + "\" = 'v'");
        assertThat(quoted.chain.firstBroken("pricebook", "default")).isEmpty();
        assertThatThrownBy(() -> new Store(Store.sync(Store.entity("e".repeat(60), Rules.Policy.REVIEW, false, Store.field("a", FieldType.TEXT)))))
                .hasMessageContaining("is longer than");
    }

    @Test
    void startsAtTheSameTimeTakeTurns() {
        Store fresh = new Store(Store.pricebook());
        fresh.jdbc.execute("drop schema pricebook cascade");
        fresh.jdbc.execute("delete from syncline.entity");
        IntStream.range(0, 4).parallel().forEach(i -> fresh.tables.migrate(fresh.sync));
        assertThat(fresh.run("items", "{id: 1, name: 'N'}").snapshot().number()).isEqualTo(1);
    }

    @Test
    void everyRowPointsToASnapshotThatExists() {
        store.run("items", "{id: 1, name: 'N'}");
        assertThatThrownBy(() -> store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'");
            store.jdbc.update("update pricebook.items set snapshot_id = 4711");
        })).as("promise 20").hasStackTraceContaining("violates foreign key constraint");
    }

    @Test
    void aSnapshotIsAskedForByTheNameThatItsStatementBeganWith() {
        Published.Snapshot sealed = store.run("items", "{id: 1, name: 'N'}", "{id: 2, name: 'M'}").snapshot();
        assertThatThrownBy(() -> store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'; set local syncline.snapshot = '4711'");
            store.jdbc.update("update pricebook.items set snapshot_id = 4711");
        })).as("promise 20: what is named is looked up, too").hasStackTraceContaining("violates foreign key constraint");
        assertThatThrownBy(() -> store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'; set local syncline.snapshot = '" + sealed.id() + "'");
            store.jdbc.update("update pricebook.items set snapshot_id = case st_id when '1' then snapshot_id else 4711 end");
        })).as("promise 20: and so is every other").hasStackTraceContaining("there is no snapshot 4711");
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'");
            store.jdbc.update("update pricebook.items set snapshot_id = snapshot_id");
            store.jdbc.execute("set local syncline.publishing = 'off'");
            store.jdbc.update("update pricebook.items set name = 'edited' where st_id = '1'");
        });
        assertThat(store.one("select snapshot_id from pricebook.items where st_id = '1'", Long.class)).as("each statement is asked anew").isZero();
    }

    /** The start that finds its rows' edits watched as an earlier Syncline did makes that trigger anew, and no row is written. */
    @Test
    void theTriggerOfAnEarlierVersionIsMadeAnew() {
        store.run("items", "{id: 1, name: 'N'}");
        store.jdbc.execute("create or replace trigger edited before insert or update or delete on pricebook.items for each row"
                + " when (current_setting('syncline.publishing', true) is distinct from 'on') execute function pricebook.items_edited()");
        store.jdbc.update("update syncline.entity set generated = ''");
        String place = store.one("select ctid::text from pricebook.items", String.class);
        store.tables.migrate(store.sync);
        assertThat(store.one("select pg_get_triggerdef(oid) from pg_trigger where tgname = 'edited' and tgrelid = 'pricebook.items'::regclass", String.class))
                .contains("NOT syncline.is_publish(");
        assertThat(store.one("select ctid::text from pricebook.items", String.class)).isEqualTo(place);
        store.jdbc.update("update pricebook.items set name = 'edited'");
        assertThat(store.count("syncline.local_edit")).isOne();
    }

    /** Tables of an earlier Syncline, with rows: their triggers asked of each row, and their digests were made by another function of the same bytes. */
    @Test
    void tablesOfAnEarlierVersionAreWatchedLikeNewOnesAndTheirChainHolds() {
        String url = TestPostgres.emptyUrl();
        Flyway.configure().dataSource(url, null, null).defaultSchema("syncline").table("schema_history").target("29").load().migrate();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        JdbcTemplate jdbc = new JdbcTemplate(database);
        jdbc.execute("""
                create schema pricebook;
                create table pricebook.items (row_id bigint primary key, org_id text not null, st_id text collate "C", hash bytea, valid_from timestamptz,
                    deleted_at timestamptz, document text, snapshot_id bigint not null default 0);
                create table pricebook.items_history (row_id bigint, org_id text, st_id text collate "C", from_snapshot bigint, to_snapshot bigint,
                    valid_from timestamptz, valid_to timestamptz, deleted boolean, document text, hash bytea);
                insert into syncline.entity values ('pricebook', 'items', 'st', '{}', '');
                select syncline.watch_snapshots('pricebook', 'items');
                insert into pricebook.items (row_id, org_id, st_id, hash, valid_from)
                select i, 'default', nullif('Käse ' || i, 'Käse 3'), sha256(i::text::bytea), timestamptz '2026-11-22 08:00Z'
                from generate_series(1, 2500) i""");
        String digest = "select encode(digest, 'hex') || changes from syncline.change_digest('pricebook', 'default', 0, false)";
        String before = jdbc.queryForObject(digest, String.class);
        Flyway.configure().dataSource(url, null, null).defaultSchema("syncline").table("schema_history").load().migrate();
        assertThat(jdbc.queryForObject(digest, String.class)).isEqualTo(before);
        assertThat(jdbc.queryForList("select tgname || ' ' || (pg_get_triggerdef(oid) like '%snapshot_named_now()%') from pg_trigger"
                + " where tgrelid = 'pricebook.items'::regclass and not tgisinternal order by 1", String.class))
                .containsExactly("made_in_snapshot true", "names_snapshot false", "points_to_snapshot true");
        assertThatThrownBy(() -> jdbc.update("update pricebook.items set snapshot_id = 4711 where row_id = 1"))
                .hasStackTraceContaining("there is no snapshot 4711");
    }

    @Test
    void anotherKeyIsRefusedWhileRowsAreFoundByTheOldOne() {
        EntityConfig items = store.entity("items");
        SideMapping byName = new SideMapping(items.shape(), List.of(Path.of("itemId")), null, null, TimeFormat.ISO, null);
        SyncConfig other = Store.sync(new EntityConfig("items", "items", items.shape(), byName, items.rules(), false, items.brake()));
        store.run("items", "{id: 1, name: 'Pump'}");
        assertThatThrownBy(() -> store.tables.migrate(other)).isInstanceOf(RefusedMigration.class)
                .hasMessageContaining("pricebook.items finds its rows by the key id and is declared with itemId")
                .satisfies(refused -> store.jdbc.execute(refused.getMessage().substring(refused.getMessage().indexOf("update syncline.mapping"))));
        store.tables.migrate(other);
        Store empty = new Store(declared(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.INTEGER), Store.field("day", FieldType.DATE)));
        empty.tables.migrate(other);
    }

    @Test
    void aSideThatIsCalledOtherwiseIsRefusedWithItsOldName() {
        SyncConfig renamed = new SyncConfig("pricebook", "Pricebook", "", "servicetitan", "crm", List.of("default"), store.sync.schedules(),
                store.sync.entities());
        assertThatThrownBy(() -> store.tables.migrate(renamed)).isInstanceOf(RefusedMigration.class)
                .hasMessageContaining("was made for the side st").hasMessageContaining("Write side: st again");
        store.tables.migrate(store.sync);
    }

    @Test
    void everyKindOfChangeLeavesEveryStateBeforeAsItWasAndTheNextRunIsQuiet() {
        Store old = new Store(families(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.INTEGER), Store.field("parent", FieldType.TEXT)));
        String[] records = {"{id: 'live', name: 'Pump', sold: 5, parent: 'edited'}", "{id: 'edited', name: 'Pipe', sold: 6}",
                "{id: 'gone', name: 'Tap', sold: 7}",
            "{id: 'conflict', name: 'Valve', sold: 8}", "{id: 'deleted', name: 'Hose', sold: 9, parent: 'live'}"};
        old.run("items", records);
        old.jdbc.update("update pricebook.items set name = 'Mine' where st_id = 'conflict'");
        old.run("items", "{id: 'gone', name: 'Tap', sold: 7, gone: true}", "{id: 'conflict', name: 'Theirs', sold: 8}");
        old.jdbc.update("update pricebook.items set sold = 60 where st_id = 'edited'");
        old.jdbc.update("delete from pricebook.items where st_id = 'deleted'");
        old.jdbc.update("insert into pricebook.items (name) values ('ours alone')");
        List<String> before = states(old);

        Field required = new Field("name", FieldType.TEXT, Path.of("name"), true, false, false, TimeFormat.ISO, null);
        old.sync = families(required, Store.field("sold", FieldType.DECIMAL), Store.reference("parent", "items"), Store.field("size", FieldType.INTEGER));
        old.tables.migrate(old.sync);
        old.tables.migrate(old.sync);
        assertThat(states(old)).as("promise 19").isEqualTo(before);
        assertThat(old.count("pricebook.items c join pricebook.items p on p.row_id = c.parent_row where p.st_id in ('edited', 'live')")).isEqualTo(2);
        assertThat(old.chain.firstBroken("pricebook", "default")).isEmpty();

        String[] sized = {"{id: 'live', name: 'Pump', sold: 5, parent: 'edited', size: 1}", "{id: 'edited', name: 'Pipe', sold: 6}",
            "{id: 'gone', name: 'Tap', sold: 7, gone: true}", "{id: 'conflict', name: 'Theirs', sold: 8, size: 2}",
            "{id: 'deleted', name: 'Hose', sold: 9, parent: 'live'}", "{id: 'new', sold: 1}"};
        assertThat(old.run("items", sized).counts().get("items")).isEqualTo(Map.of(Outcome.REMAPPED, 2L, Outcome.UNCHANGED, 2L, Outcome.REJECTED, 1L));
        Published quiet = old.run("items", sized);
        assertThat(quiet.snapshot()).isNull();
        assertThat(quiet.counts().get("items")).as("promise 10").isEqualTo(Map.of(Outcome.REJECTED, 1L));
        assertThat(states(old)).as("promise 19").isEqualTo(before);
        assertThat(old.one("select concat_ws(' ', sold, sync_status) from pricebook.items where st_id = 'edited'", String.class)).isEqualTo("60 pending_push");
        assertThat(old.count("syncline.conflict where state = 'open' and theirs like '%\"size\":2%'")).isOne();
        assertThat(old.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    private static SyncConfig families(Field... fields) {
        return Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, fields));
    }

    /** The exact bytes of what stood at each snapshot, and at the moment of the first call. */
    private List<String> states(Store old) {
        if (moment == null) {
            moment = old.one("select clock_timestamp()::text", String.class);
        }
        List<String> states = new ArrayList<>(old.jdbc.queryForList("""
                select s.number || ' ' || a.row_id || ' ' || a.document || encode(a.hash, 'hex') || a.valid_from
                from syncline.snapshot s, pricebook.items_as_of_snapshot(s.id) a where s.id in (1, 2) order by s.number, a.row_id""", String.class));
        states.addAll(old.jdbc.queryForList("select row_id || ' ' || document || encode(hash, 'hex') || valid_from from pricebook.items_as_of(?::timestamptz)"
                + " order by row_id", String.class, moment));
        return states;
    }

    private String moment;

    @Test
    void twoStartsAtOnceTakeTurns() throws Exception {
        SyncConfig wider = declared(Store.field("name", FieldType.TEXT), Store.field("sold", FieldType.DECIMAL), Store.field("day", FieldType.DATE),
                Store.field("size", FieldType.INTEGER));
        try (var starts = new Closeable(Executors.newFixedThreadPool(2))) {
            var one = starts.pool.submit(() -> store.tables.migrate(wider));
            var other = starts.pool.submit(() -> store.tables.migrate(wider));
            one.get();
            other.get();
        }
        assertThat(store.count("syncline.mapping")).isEqualTo(2);
        store.sync = wider;
        store.run("items", "{id: 1, name: 'Pump', sold: 1.5, size: 2}");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    private record Closeable(ExecutorService pool) implements AutoCloseable {
        @Override
        public void close() {
            pool.shutdownNow();
        }
    }

    /** The start has altered one table and waits for the next when its connection is cut. */
    @Test
    void aStartThatIsKilledBetweenTwoStatementsHasDoneNothing() throws Exception {
        Store old = new Store(Store.pricebook());
        old.run("items", "{id: 1, name: 'Pump', price: 1}");
        SyncConfig wider = Store.sync(
                Store.entity("items", Rules.Policy.REVIEW, false, Stream.concat(old.entity("items").shape().fields().stream(),
                        Stream.of(Store.field("size", FieldType.INTEGER))).toArray(Field[]::new)),
                Store.entity("categories", Rules.Policy.REVIEW, false, Stream.concat(old.entity("categories").shape().fields().stream(),
                        Stream.of(Store.field("size", FieldType.INTEGER))).toArray(Field[]::new)));
        String before = shapeOf(old);
        try (var starts = new Closeable(Executors.newFixedThreadPool(1))) {
            Future<?> start = old.transaction.execute(status -> {
                old.jdbc.execute("lock table pricebook.categories in access share mode");
                Future<?> migrating = starts.pool.submit(() -> old.tables.migrate(wider));
                while (old.one("select count(*) from pg_locks where not granted and relation = 'pricebook.categories'::regclass", Integer.class) == 0) {
                    Thread.onSpinWait();
                }
                old.jdbc.queryForList("select pg_terminate_backend(pid) from pg_locks where not granted and relation = 'pricebook.categories'::regclass");
                assertThatThrownBy(migrating::get).isInstanceOf(ExecutionException.class);
                return migrating;
            });
            assertThat(start).isDone();
        }
        assertThat(shapeOf(old)).isEqualTo(before);
        old.tables.migrate(wider);
        old.sync = wider;
        assertThat(old.run("items", "{id: 1, name: 'Pump', price: 1, size: 2}").counts().get("items")).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(old.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    private static String shapeOf(Store store) {
        return store.one("""
                select string_agg(attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod), ', '
                           order by attrelid::regclass::text, attnum)
                       || (select string_agg(entity || number || fields, ', ' order by entity, number) from syncline.mapping)
                       || (select string_agg(entity || fields || encode(generated, 'hex'), ', ' order by entity) from syncline.entity)
                from pg_attribute join pg_class c on c.oid = attrelid where relnamespace in ('pricebook'::regnamespace, 'syncline_staging'::regnamespace)
                  and attnum > 0
                  and not attisdropped""", String.class);
    }
}
