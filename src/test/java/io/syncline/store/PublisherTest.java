package io.syncline.store;

import io.syncline.change.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(Store.Closing.class)
class PublisherTest {
    private final Store store = new Store(Store.pricebook());

    /** Promise 19: what was sealed while nothing of it was superseded is proven by the same bytes when all of it is. */
    @Test
    void aDigestIsTheSameBeforeAndAfterItsVersionsAreSuperseded() {
        String digest = "select changes || encode(digest, 'hex') from syncline.change_digest('pricebook', 'default', ?, ?)";
        store.jdbc.execute("alter table pricebook.items alter column row_id restart with 998");
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'a'}", "{id: 2, name: 'a'}", "{id: 3, name: 'a', gone: true}", "{id: 4, name: 'a'}", "{id: 5, name: 'a'}");
        long loaded = store.publish(run).snapshot().id();
        String sealed = store.one(digest, String.class, loaded, false);
        assertThat(sealed).startsWith("4").isEqualTo(store.one(digest, String.class, loaded, true));
        store.jdbc.update("update pricebook.items set name = 'edited' where st_id = '4'");
        assertThat(store.one(digest, String.class, loaded, false)).as("an edit is not sealed yet").isEqualTo(sealed);
        store.run("items", "{id: 1, name: 'b'}", "{id: 2, gone: true}");
        assertThat(store.one(digest, String.class, loaded, false)).isEqualTo(sealed);
        assertThat(store.one(digest, String.class, loaded, true)).isEqualTo(sealed);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void createsAndUpdatesBecomeTrueWithHistoryAndASnapshot() {
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pump', price: 4.50, tags: {b: [1.0], a: null}, category: 7}", "{id: 2, name: 'Pipe', active: true, sold: 3}");
        store.stage(run, "categories", "{id: 7, name: 'Water', parent: 8}", "{id: 8, name: 'All'}");
        Published first = store.publish(run);
        assertThat(first.snapshot().number()).isEqualTo(1);
        assertThat(first.snapshot().changes()).isEqualTo(4);
        assertThat(first.counts().get("items")).isEqualTo(Map.of(Outcome.CREATE, 2L));
        assertThat(store.count("pricebook.items i join pricebook.categories c on c.row_id = i.category_row join pricebook.categories p"
                + " on p.row_id = c.parent_row")).isEqualTo(1);

        Published second = store.run("items", "{id: 1, name: 'Pump', price: 5, category: 7}", "{id: 2, name: 'Pipe', active: true, sold: 3}");
        assertThat(second.snapshot().number()).isEqualTo(2);
        assertThat(second.counts().get("items")).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThat(store.one("select price from pricebook.items_as_of_snapshot(?) where st_id = '1'", String.class, first.snapshot().id())).isEqualTo("4.5");
        assertThat(store.one("select price from pricebook.items_live where st_id = '1'", String.class)).isEqualTo("5");
        assertThat(store.count("pricebook.items_history")).isEqualTo(1);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }
}
