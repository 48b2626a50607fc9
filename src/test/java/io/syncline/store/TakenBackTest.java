package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What was null when it was agreed may be so again, though the system takes no null: nothing is sent of it. */
@ExtendWith(Store.Closing.class)
class TakenBackTest {
    private final Store store = new Store(takesNoNullAndNoDeletion());

    private static SyncConfig takesNoNullAndNoDeletion() {
        EntityConfig items = Store.pricebook().entity("items");
        WritesConfig.Request noNull = new WritesConfig.Request("PATCH", "/{id}", null, false, List.of(), List.of(), List.of("id"));
        WritesConfig writes = new WritesConfig(noNull, noNull, null, noNull, null, null, true, List.of(), List.of(), null, Duration.ofMinutes(1));
        return Store.sync(new EntityConfig(items.name(), items.resource(), items.shape(), items.mapping(), items.rules(), false, items.brake(),
                List.of("name"), writes), Store.pricebook().entity("categories"));
    }

    @Test
    void aNullThatWasAgreedComesBackAndOneThatWasNotIsRefused() {
        store.run("items", "{id: 1, name: 'Pump', price: null, sold: 7}");
        store.jdbc.update("update pricebook.items set price = 5");
        assertThatThrownBy(() -> store.jdbc.update("update pricebook.items set sold = null")).rootCause()
                .hasMessageContaining("sold of pricebook.items cannot be null");
        store.push();
        String agreed = store.one("select agreed from syncline.push where state = 'waiting'", String.class);
        long row = store.one("select row_id from pricebook.items", Long.class);
        new TakingBack(JdbcClient.create(store.dataSource)).takeBack(new EntityTable(store.sync, store.entity("items")), "default", row, agreed, "update");
        assertThat(store.one("select concat_ws(' ', price, sold, sync_status, st_base is null) from pricebook.items", String.class)).isEqualTo("7 synced t");
        store.jdbc.update("update pricebook.items set active = true");
        assertThat(store.jdbc.update("update pricebook.items set active = null")).as("as what the system never said").isOne();
    }

    @Test
    void aRecordThatIsGoneThereAndWasBroughtBackHereIsDeletedAgain() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.run("items", "{id: 1, gone: true}");
        assertThat(store.jdbc.update("update pricebook.items set deleted_at = null")).isOne();
        assertThat(store.one("select deleted_at is null from pricebook.items", Boolean.class)).isTrue();
        store.jdbc.update("update pricebook.items set deleted_at = now()");
        assertThat(store.one("select sync_status || (deleted_at is not null) from pricebook.items", String.class)).isEqualTo("syncedtrue");
        store.run("items", "{id: 2, name: 'Pipe', price: 1}");
        assertThatThrownBy(() -> store.jdbc.update("update pricebook.items set deleted_at = now() where st_id = '2'"))
                .rootCause().hasMessageContaining("lets no record of pricebook.items be deleted");
    }
}
