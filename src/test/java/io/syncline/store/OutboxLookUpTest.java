package io.syncline.store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** How the outbox is filled is fit for one edit and for a hundred thousand: entries are looked up row by row by their index, and never all of them for each. */
@ExtendWith(Store.Closing.class)
class OutboxLookUpTest {
    private final Store store = new Store(Store.twoWay());

    @Test
    void eachRowsEntriesAreLookedUpByThemselves() {
        String fill = new Outbox(new EntityTable(store.sync, store.entity("items"))).fill().replace(":organisation", "'default'").replace(":run", "1")
                .replace(":at", "now()");
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local enable_seqscan = off");
            assertThat(String.join("\n", store.jdbc.queryForList("explain " + fill, String.class))).doesNotContain("Join").contains("SubPlan",
                    "using push_of_row on push p");
        });
    }
}
