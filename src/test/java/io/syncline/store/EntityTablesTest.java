package io.syncline.store;

import io.syncline.change.Rules;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
        assertThat(old.count("pricebook.items i join pricebook.items_as_of('infinity') a using (row_id)"
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
}
