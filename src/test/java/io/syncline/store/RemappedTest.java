package io.syncline.store;

import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A changed mapping is compared quietly: nobody changed anything, so nobody is asked, nothing is pushed, and every state before stays as it was. */
@ExtendWith(Store.Closing.class)
class RemappedTest {
    private static final Field NAME = Store.field("name", FieldType.TEXT);
    private static final Field PRICE = Store.field("price", FieldType.DECIMAL);
    private static final Field LIST_PRICE = Store.field("price", FieldType.DECIMAL, "list");
    private static final String PUMP = "{id: 1, name: 'Pump', price: 1, list: 10}";

    private final Store store = new Store(declared(NAME, PRICE));

    private static SyncConfig declared(Field... fields) {
        return Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, fields));
    }

    private void declare(Field... fields) {
        start(declared(fields));
    }

    private void start(SyncConfig sync) {
        store.sync = sync;
        store.tables.migrate(sync);
    }

    private Map<Outcome, Long> run(String... records) {
        return store.run("items", records).counts().get("items");
    }

    private String row(String columns) {
        return store.one("select concat_ws(' ', " + columns + ") from pricebook.items where st_id = '1'", String.class);
    }

    /** Promise 10: what was taken over quietly is at rest afterwards. */
    private void isQuiet(String... records) {
        long versions = store.count("pricebook.items_history");
        String rows = store.one("select string_agg(revision || document, ',' order by row_id) from pricebook.items", String.class);
        Published again = store.run("items", records);
        assertThat(again.snapshot()).isNull();
        assertThat(again.counts().get("items")).isEmpty();
        assertThat(store.count("pricebook.items_history")).isEqualTo(versions);
        assertThat(store.one("select string_agg(revision || document, ',' order by row_id) from pricebook.items", String.class)).isEqualTo(rows);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void aRowThatSaysSomethingElseOnlyByItsMappingGetsANewVersionAndEveryStateBeforeStaysAsItWas() {
        Published first = store.run("items", PUMP);
        store.jdbc.update("insert into pricebook.items (name) values ('ours alone')");
        Map<String, String> before = asOf("pricebook.items_as_of_snapshot(" + first.snapshot().id() + ")");
        String instant = store.one("select clock_timestamp()::text", String.class);
        Map<String, String> then = asOf("pricebook.items_as_of('" + instant + "')");
        declare(NAME, LIST_PRICE);
        assertThat(store.mappings.changedSinceWholeRead(store.sync, store.entity("items"), "default")).as("never read as a whole").isEmpty();
        long run = store.open();
        assertThat(store.stage(run, "items", PUMP).get(0).reason()).isEqualTo("its mapping changed: field price");
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(row("document, price, sync_status, st_mapping, st_base, has_conflict")).isEqualTo("{\"name\":\"Pump\",\"price\":10} 10 synced 2 f");
        assertThat(store.count("syncline.conflict")).isZero();
        assertThat(asOf("pricebook.items_as_of_snapshot(" + first.snapshot().id() + ")")).as("promise 19").isEqualTo(before);
        assertThat(asOf("pricebook.items_as_of('" + instant + "')")).as("promise 19").isEqualTo(then);
        isQuiet(PUMP);
    }

    private Map<String, String> asOf(String from) {
        Map<String, String> rows = new TreeMap<>();
        store.jdbc.query("select row_id, document || encode(hash, 'hex') || valid_from from " + from, row -> { rows.put(row.getString(1), row.getString(2)); });
        return rows;
    }

    @Test
    void aRowThatSaysTheSameIsOnlyNotedToBeReadByTheNewMapping() {
        String same = "{id: 1, name: 'Pump', price: 1, list: 1}";
        run(same);
        declare(NAME, LIST_PRICE);
        Published published = store.run("items", same);
        assertThat(published.snapshot()).isNull();
        assertThat(row("st_mapping, sync_status")).isEqualTo("2 synced");
        assertThat(store.count("pricebook.items_history")).isZero();
        isQuiet(same);
    }

    @Test
    void whatAPersonEditedStaysPendingWhetherItsMappingChangedOrNot() {
        run(PUMP, "{id: 2, name: 'Pipe', price: 2, list: 20}");
        store.jdbc.update("update pricebook.items set name = 'Pumpe' where st_id = '1'");
        store.jdbc.update("update pricebook.items set price = 7 where st_id = '2'");
        declare(NAME, LIST_PRICE);
        String[] records = {PUMP, "{id: 2, name: 'Pipe', price: 2, list: 20}"};
        assertThat(run(records)).isEqualTo(Map.of(Outcome.REMAPPED, 1L, Outcome.UNCHANGED, 1L));
        assertThat(row("name, price, sync_status, st_base")).isEqualTo("Pumpe 10 pending_push {\"name\":\"Pump\",\"price\":10}");
        assertThat(store.one("select concat_ws(' ', name, price, sync_status, st_base) from pricebook.items where st_id = '2'", String.class))
                .isEqualTo("Pipe 7 pending_push {\"name\":\"Pipe\",\"price\":20}");
        assertThat(store.count("syncline.conflict")).isZero();
        isQuiet(records);
    }

    @Test
    void aConflictIsAboutOtherFieldsOnly() {
        run(PUMP);
        store.jdbc.update("update pricebook.items set name = 'Pumpe'");
        declare(NAME, LIST_PRICE);
        String changed = "{id: 1, name: 'Big pump', price: 1, list: 10}";
        assertThat(run(changed)).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        assertThat(store.one("select concat_ws(' ', fields, base, theirs, ours, state) from syncline.conflict", String.class)).isEqualTo(
                "{name} {\"name\":\"Pump\",\"price\":10} {\"name\":\"Big pump\",\"price\":10} {\"name\":\"Pumpe\",\"price\":10} open");
        assertThat(row("name, price, sync_status, st_mapping, has_conflict")).isEqualTo("Pumpe 10 conflict 2 t");
        isQuiet(changed);
    }

    @Test
    void anOpenConflictIsToldInTheWordsOfTheNewMappingAndStaysOpen() {
        run(PUMP);
        store.jdbc.update("update pricebook.items set name = 'Pumpe'");
        String changed = "{id: 1, name: 'Big pump', price: 1, list: 10}";
        run(changed);
        declare(NAME, LIST_PRICE);
        assertThat(run(changed)).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(store.one("select concat_ws(' ', fields, base, theirs, ours, reason) from syncline.conflict where state = 'open'", String.class)).isEqualTo(
                "{name} {\"name\":\"Pump\",\"price\":10} {\"name\":\"Big pump\",\"price\":10} {\"name\":\"Pumpe\",\"price\":10} changed on both sides");
        assertThat(row("name, price, sync_status")).isEqualTo("Pumpe 10 conflict");
        isQuiet(changed);
        assertThat(run(PUMP)).as("the source takes its change back").isEqualTo(Map.of(Outcome.UNCHANGED, 1L));
        assertThat(row("name, price, sync_status, st_base")).isEqualTo("Pumpe 10 pending_push {\"name\":\"Pump\",\"price\":10}");
        assertThat(store.one("select state || settled_how from syncline.conflict", String.class)).isEqualTo("settledmoot");
    }

    @Test
    void whatAPersonDeletedStaysDeletedAndPending() {
        run(PUMP);
        store.jdbc.update("delete from pricebook.items");
        declare(NAME, LIST_PRICE);
        assertThat(run(PUMP)).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(row("price, deleted_by_side, sync_status, st_base")).isEqualTo("10 local pending_push {\"name\":\"Pump\",\"price\":10}");
        isQuiet(PUMP);
        store.jdbc.update("update pricebook.items set deleted_at = null");
        assertThat(row("price, sync_status, st_base")).as("brought back, it is as agreed").isEqualTo("10 synced");
        assertThat(run(PUMP)).isEmpty();
    }

    @Test
    void whatTheSourceDeletedReturnsUnderTheNewMappingWithoutAConflict() {
        run(PUMP, "{id: 2, name: 'Pipe', price: 2, list: 20}");
        run("{id: 1, gone: true}", "{id: 2, gone: true}");
        store.jdbc.update("update pricebook.items set name = 'kept' where st_id = '2'");
        declare(NAME, LIST_PRICE);
        assertThat(run("{id: 1, gone: true}")).isEmpty();
        assertThat(row("st_mapping")).as("there was nothing to read it by").isEqualTo("1");
        String[] records = {PUMP, "{id: 2, name: 'Pipe', price: 2, list: 20}"};
        assertThat(run(records)).isEqualTo(Map.of(Outcome.RESTORE, 2L));
        assertThat(store.one("select string_agg(concat_ws(' ', document, sync_status, st_mapping), ', ' order by st_id) from pricebook.items_live",
                String.class)).isEqualTo("{\"name\":\"Pump\",\"price\":10} synced 2, {\"name\":\"kept\",\"price\":20} pending_push 2");
        isQuiet(records);
    }

    @Test
    void aRowThatMovedMeanwhileIsJudgedAgainByTheNewMappingToo() {
        run(PUMP);
        declare(NAME, LIST_PRICE);
        long run = store.open();
        store.stage(run, "items", PUMP);
        store.jdbc.update("update pricebook.items set name = 'Pumpe'");
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(row("document, st_base, sync_status")).isEqualTo("{\"name\":\"Pumpe\",\"price\":10} {\"name\":\"Pump\",\"price\":10} pending_push");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void aFieldIsAddedGivenUpAndTakenBack() {
        run(PUMP);
        declare(NAME, PRICE, Store.field("size", FieldType.INTEGER));
        store.jdbc.update("update pricebook.items set name = 'Pumpe'");
        String sized = "{id: 1, name: 'Pump', price: 1, list: 10, size: 3}";
        assertThat(run(sized)).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(row("document, sync_status")).isEqualTo("{\"name\":\"Pumpe\",\"price\":1,\"size\":3} pending_push");
        Published withSize = store.publish(store.open());
        store.jdbc.execute("drop view pricebook.items_live; alter table pricebook.items drop column size");
        declare(NAME, PRICE);
        store.jdbc.update("update pricebook.items set price = 5");
        assertThat(run(sized)).isEqualTo(Map.of(Outcome.UNCHANGED, 1L));
        assertThat(row("document, st_base")).isEqualTo("{\"name\":\"Pumpe\",\"price\":5} {\"name\":\"Pump\",\"price\":1}");
        assertThat(withSize.snapshot()).isNull();
        declare(NAME, PRICE, Store.field("size", FieldType.INTEGER));
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        assertThat(run(sized)).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(row("document, size, st_base")).isEqualTo("{\"name\":\"Pumpe\",\"price\":5,\"size\":3} 3 {\"name\":\"Pump\",\"price\":1,\"size\":3}");
        isQuiet(sized);
    }

    @Test
    void aFieldTakenBackBeforeAnythingWasReadIsStillInItsRowsAndWhatAPersonDidNotSayWasNotSaid() {
        declare(NAME, PRICE, Store.field("size", FieldType.INTEGER));
        String[] records = {"{id: 1, name: 'Pump', price: 1, size: 3}", "{id: 2, name: 'Pipe', price: 2, size: 4}"};
        run(records);
        store.jdbc.execute("alter table pricebook.items rename column size to size_kept");
        declare(NAME, PRICE);
        store.jdbc.update("update pricebook.items set name = 'Pumpe' where st_id = '1'");
        declare(NAME, PRICE, Store.field("size", FieldType.INTEGER));
        assertThat(store.one("select size from pricebook.items where st_id = '2'", Integer.class)).as("its document still holds it").isEqualTo(4);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        assertThat(run(records)).isEqualTo(Map.of(Outcome.REMAPPED, 1L, Outcome.UNCHANGED, 1L));
        assertThat(row("document, size")).as("a person changed the name and nothing else").isEqualTo("{\"name\":\"Pumpe\",\"price\":1,\"size\":3} 3");
        isQuiet(records);
    }

    @Test
    void whatTheFieldCouldOnceHoldAndNowCannotIsShownAsItsDocumentSaysAndNotRefused() {
        Published first = store.run("items", "{id: 1, name: 'many', price: 1}");
        run("{id: 1, name: '7', price: 1}");
        store.jdbc.execute("drop view pricebook.items_live; alter table pricebook.items alter column name type bigint using name::text::bigint");
        declare(Store.field("name", FieldType.INTEGER), PRICE);
        assertThat(store.one("select document || coalesce(name::text, ' -') from pricebook.items_as_of_snapshot(?)", String.class, first.snapshot().id()))
                .isEqualTo("{\"name\":\"many\",\"price\":1} -");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        store.jdbc.update("update pricebook.items set price = 2");
        assertThat(run("{id: 1, name: 7, price: 1}")).isEqualTo(Map.of(Outcome.UNCHANGED, 1L));
        assertThat(row("document, st_base")).isEqualTo("{\"name\":7,\"price\":2} {\"name\":7,\"price\":1}");
        isQuiet("{id: 1, name: 7, price: 1}");
    }

    @Test
    void aWidenedTypeIsNoEditOfAnybody() {
        declare(NAME, PRICE, Store.field("day", FieldType.DATE));
        run("{id: 1, name: 'Pump', price: 1, day: '2026-01-31'}");
        declare(NAME, Store.field("price", FieldType.TEXT), Store.field("day", FieldType.TIMESTAMP));
        store.jdbc.update("update pricebook.items set name = 'Pumpe'");
        String record = "{id: 1, name: 'Pump', price: 1, day: '2026-01-31T08:00:00Z'}";
        assertThat(run(record)).isEqualTo(Map.of(Outcome.REMAPPED, 1L));
        assertThat(row("document, st_base, sync_status")).isEqualTo("{\"day\":\"2026-01-31T08:00:00Z\",\"name\":\"Pumpe\",\"price\":\"1\"}"
                + " {\"day\":\"2026-01-31T08:00:00Z\",\"name\":\"Pump\",\"price\":\"1\"} pending_push");
        isQuiet(record);
    }

    @Test
    void marksThatWereMappedOtherwiseMakeNothingStale() {
        run("{id: 1, name: 'Pump', price: 1, modified: '2026-02-01T00:00:00Z', seen: '2026-01-01T00:00:00Z'}");
        EntityConfig items = store.entity("items");
        SideMapping seen = new SideMapping(items.shape(), List.of(Path.of("id")), null, Path.of("seen"), TimeFormat.ISO, items.mapping().deletion());
        start(Store.sync(new EntityConfig("items", "items", items.shape(), seen, items.rules(), false, items.brake())));
        String later = "{id: 1, name: 'Pumpe', price: 1, modified: '2026-02-01T00:00:00Z', seen: '2026-01-02T00:00:00Z'}";
        assertThat(run(later)).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThat(run("{id: 1, name: 'old', price: 1, seen: '2026-01-01T00:00:00Z'}")).as("promise 9, by the new mark").isEqualTo(Map.of(Outcome.STALE, 1L));
        isQuiet(later);
    }

    @Test
    void aPlanThatWasMadeByAnotherMappingIsVoid() {
        run(PUMP);
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pump', price: 2, list: 20}");
        store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'planned', true)", run);
        store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts) values (?, 'items', 2, 'source', 1, '{}')", run);
        declare(NAME, LIST_PRICE);
        assertThatThrownBy(() -> store.publish(run)).isInstanceOf(PublishFailure.class).hasMessageContaining("Nothing was written; run again");
        assertThat(row("price")).isEqualTo("1");
    }

    @Test
    void aDatabaseOfTheReleaseBeforeKnowsWhatItsFieldsWere() {
        run(PUMP, "{id: 2, name: 'Pipe', price: 2}");
        store.jdbc.update("update pricebook.items set name = 'Pumpe' where st_id = '1'");
        store.jdbc.execute("drop view pricebook.items_live; alter table pricebook.items drop column st_mapping");
        store.jdbc.execute("delete from syncline.mapping");
        store.jdbc.execute("update syncline.entity set generated = ''");
        declare(NAME, PRICE, Store.field("size", FieldType.INTEGER));
        assertThat(store.one("select string_agg(number || ' ' || coalesce(fields ->> 'size', '-'), ', ' order by number) from syncline.mapping", String.class))
                .isEqualTo("1 -, 2 integer from size");
        String[] records = {"{id: 1, name: 'Pump', price: 1, size: 3}", "{id: 2, name: 'Pipe', price: 2, size: 4}"};
        assertThat(run(records)).as("nobody is asked about a field that is new").isEqualTo(Map.of(Outcome.REMAPPED, 2L));
        assertThat(row("document, st_mapping, sync_status")).isEqualTo("{\"name\":\"Pumpe\",\"price\":1,\"size\":3} 2 pending_push");
        isQuiet(records);
    }

    @Test
    void aWholeReadIsDueAfterAChangeOfTheMappingUntilOneIsPublished() {
        published(true);
        assertThat(due()).isEmpty();
        declare(NAME, LIST_PRICE);
        assertThat(due()).containsExactly("price");
        published(false);
        assertThat(due()).as("an incremental read shows some rows only").containsExactly("price");
        published(true);
        assertThat(due()).isEmpty();
        declare(NAME, PRICE);
        declare(NAME, LIST_PRICE);
        assertThat(due()).as("taken back before anything was read").isEmpty();
        declare(LIST_PRICE, NAME, Store.field("size", FieldType.INTEGER));
        store.jdbc.execute("drop view pricebook.items_live; alter table pricebook.items drop column size");
        declare(LIST_PRICE, NAME);
        assertThat(due()).as("was not there for a while").isEmpty();
        EntityConfig items = store.entity("items");
        SideMapping otherKey = new SideMapping(new Shape(items.shape().fields()), List.of(Path.of("id"), Path.of("region")), null, null, TimeFormat.ISO, null);
        start(Store.sync(new EntityConfig("items", "items", items.shape(), otherKey, items.rules(), false, items.brake())));
        assertThat(due()).containsExactlyInAnyOrder("(deletedWhen)", "(key)", "(modifiedAt)", "(version)");
    }

    private Set<String> due() {
        return store.mappings.changedSinceWholeRead(store.sync, store.entity("items"), "default");
    }

    private void published(boolean whole) {
        store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole, complete) values (?, 'items', 'published', ?, ?)", store.open(),
                whole, whole);
    }

    @Test
    void oneThatIsShownAgainLaterInTheSameRunAsItWasIsNotWritten() {
        run(PUMP);
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pumpe', price: 1}");
        store.stage(run, "items", PUMP);
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(row("name")).isEqualTo("Pump");
        run("{id: 1, name: 'Pump', price: 1, version: 1}");
        long marked = store.open();
        store.stage(marked, "items", "{id: 1, name: 'Pumpe', price: 1, version: 2}");
        store.stage(marked, "items", "{id: 1, name: 'Pump', price: 1, version: 1}");
        assertThat(store.publish(marked).counts().get("items")).as("the mark says which is newer").isEqualTo(Map.of(Outcome.UPDATE, 1L));
    }
}
