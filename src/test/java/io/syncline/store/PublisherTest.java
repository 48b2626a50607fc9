package io.syncline.store;

import io.syncline.change.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(Store.Closing.class)
class PublisherTest {
    private final Store store = new Store(Store.pricebook());

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
