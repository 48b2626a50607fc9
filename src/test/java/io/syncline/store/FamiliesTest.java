package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Parents and children through deletion and return. Promises 6, 9, 18 and 20: a deletion is soft, so no reference ever points to nothing. */
@ExtendWith(Store.Closing.class)
class FamiliesTest {
    private final Store store = new Store(Store.pricebook());

    @BeforeEach
    void aTreeWithAnItem() {
        store.run("categories", "{id: 'root', name: 'Water'}", "{id: 'mid', name: 'Pipes', parent: 'root'}", "{id: 'leaf', name: 'Copper', parent: 'mid'}");
        store.run("items", "{id: 1, name: 'Bend', category: 'leaf', version: 1}");
    }

    private void isWhole() {
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        assertThat(store.count("pricebook.items i where i.category is not null and not exists (select from pricebook.categories c"
                + " where c.row_id = i.category_row)")).isZero();
    }

    private String category(String key) {
        return store.one("select case when deleted_at is null then 'live' else 'deleted by ' || deleted_by_side end from pricebook.categories where st_id = ?",
                String.class, key);
    }

    @Test
    void aParentThatTheSourceDeletesLeavesItsChildrenAndReturnsToThem() {
        long parent = store.one("select category_row from pricebook.items", Long.class);
        assertThat(store.run("categories", "{id: 'leaf', name: 'Copper', gone: true}").counts().get("categories")).isEqualTo(Map.of(Outcome.DELETE, 1L));
        assertThat(store.one("select category_row from pricebook.items_live", Long.class)).as("the child is the source's business").isEqualTo(parent);
        isWhole();
        assertThat(store.run("categories", "{id: 'leaf', name: 'Copper', parent: 'mid'}").counts().get("categories")).isEqualTo(Map.of(Outcome.RESTORE, 1L));
        assertThat(store.one("select c.row_id from pricebook.categories_live c join pricebook.items_live i on i.category_row = c.row_id", Long.class))
                .isEqualTo(parent);
        isWhole();
    }

    @Test
    void aChildWhoseParentIsDeletedHereIsNotParkedBecauseItsParentHasARow() {
        store.jdbc.update("delete from pricebook.categories where st_id = 'leaf'");
        long run = store.open();
        store.stage(run, "items", "{id: 2, name: 'Tee', category: 'leaf'}", "{id: 1, name: 'Long bend', category: 'leaf', version: 2}");
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).isZero();
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.CREATE, 1L, Outcome.UPDATE, 1L));
        assertThat(store.count("pricebook.items where category_row is not null")).isEqualTo(2);
        assertThat(category("leaf")).isEqualTo("deleted by local");
        isWhole();
        store.jdbc.update("update pricebook.categories set deleted_at = null where st_id = 'leaf'");
        assertThat(store.one("select sync_status from pricebook.categories where st_id = 'leaf'", String.class)).isEqualTo("synced");
        isWhole();
    }

    @Test
    void aWholeSubtreeIsDeletedAtOnceAndReturnsAtOnce() {
        long run = store.open();
        store.stage(run, "categories", "{id: 'root', name: 'Water'}");
        store.stage(run, "items", "{id: 1, name: 'Bend', gone: true, version: 2}");
        List<Change> absent = store.absences.next(run, store.sync, store.entity("categories"), "default", null, 10).stream()
                .map(row -> store.classifier(store.entity("categories")).absent(row.stored())).toList();
        store.stage(run, store.entity("categories"), "default", absent);
        Published deleted = store.publish(run);
        assertThat(deleted.counts()).isEqualTo(Map.of("categories", Map.of(Outcome.DELETE, 2L), "items", Map.of(Outcome.DELETE, 1L)));
        assertThat(store.count("pricebook.categories_live")).isOne();
        isWhole();
        long back = store.open();
        store.stage(back, "items", "{id: 1, name: 'Bend', category: 'leaf', version: 3}");
        store.stage(back, "categories", "{id: 'leaf', name: 'Copper', parent: 'mid'}", "{id: 'mid', name: 'Pipes', parent: 'root'}");
        assertThat(store.parking.park(back, store.sync, "default", store.sync.entities())).isZero();
        assertThat(store.publish(back).counts()).isEqualTo(Map.of("categories", Map.of(Outcome.RESTORE, 2L), "items", Map.of(Outcome.RESTORE, 1L)));
        assertThat(store.count("pricebook.categories_as_of_snapshot(?)", deleted.snapshot().id())).isOne();
        assertThat(store.count("pricebook.categories_live c join pricebook.categories_live p on p.row_id = c.parent_row")).isEqualTo(2);
        isWhole();
    }

    @Test
    void oneThatIsMadeAgainWithTheSameKeyIsTheSameRowWithANewVersion() {
        long row = store.one("select row_id from pricebook.items", Long.class);
        store.run("items", "{id: 1, gone: true, version: 2}");
        assertThat(store.run("items", "{id: 1, name: 'Other bend', category: 'mid', version: 3}").counts().get("items")).isEqualTo(Map.of(Outcome.RESTORE, 1L));
        assertThat(store.one("select row_id || name || revision from pricebook.items", String.class)).isEqualTo(row + "Other bend3");
        assertThat(store.jdbc.queryForList("select deleted from pricebook.items_history where row_id = ? order by revision", Boolean.class, row))
                .containsExactly(false, true);
        assertThat(store.count("syncline.conflict")).isZero();
        assertThat(store.run("items", "{id: 1, gone: true, version: 2}").counts().get("items")).as("promise 9: the old deletion, late")
                .isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(store.count("pricebook.items_live")).isOne();
        isWhole();
    }

    @Test
    void whatPeopleHangOnARowOutlivesItsDeletionAndReturn() {
        store.jdbc.execute("create table pricebook.notes (item bigint not null references pricebook.items (row_id), note text)");
        store.jdbc.update("insert into pricebook.notes select row_id, 'mind the angle' from pricebook.items");
        store.run("items", "{id: 1, gone: true, version: 2}");
        assertThat(store.count("pricebook.notes n join pricebook.items i on i.row_id = n.item")).as("promise 18").isOne();
        store.jdbc.update("delete from pricebook.items");
        store.run("items", "{id: 1, name: 'Bend', category: 'leaf', version: 3}");
        assertThat(store.count("pricebook.notes n join pricebook.items_live i on i.row_id = n.item")).as("promise 18").isOne();
        isWhole();
    }
}
