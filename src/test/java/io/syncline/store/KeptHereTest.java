package io.syncline.store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 4 where nothing is ever written to the side: what a person keeps stays as it is. */
@ExtendWith(Store.Closing.class)
class KeptHereTest {
    private final Store store = new Store(Store.pricebook());

    @Test
    void oursStaysAsItIs() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        store.run("items", "{id: 1, name: 'Pump', price: 3}");
        store.jdbc.update("""
                insert into syncline.resolution (organisation, sync, entity, row_id, key, conflict_id, how, base, theirs, ours, theirs_hash, theirs_version,
                      theirs_modified_on, row_revision, actor)
                select c.organisation, c.sync, c.entity, c.row_id, c.key, c.id, 'ours', c.base, c.theirs, c.ours, c.theirs_hash, c.theirs_version,
                       c.theirs_modified_on, t.revision, 'ann' from syncline.conflict c join pricebook.items t on t.row_id = c.row_id""");
        store.jdbc.update("update syncline.conflict set decided = (select max(id) from syncline.resolution)");
        store.push();
        assertThat(store.one("select concat_ws('|', price, has_conflict) from pricebook.items", String.class)).isEqualTo("2|f");
        assertThat(store.one("select state || settled_how from syncline.conflict", String.class)).isEqualTo("settledours");
    }
}
