package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KnownTablesTest {
    private final KnownTables tables = new KnownTables();

    @Test
    void whatIsDeclaredAnewIsMadeAnew() {
        SyncConfig sync = Store.pricebook();
        EntityConfig entity = sync.entities().get(0);
        EntityTable table = tables.of(sync, entity);
        assertThat(table).hasToString(sync.name() + "." + entity.name());
        assertThat(tables.of(sync, entity)).isSameAs(table);
        assertThat(tables.of(sync, sync.entities().get(1))).isNotSameAs(table).hasToString(sync.name() + "." + sync.entities().get(1).name());

        SyncConfig anew = new SyncConfig(sync.name(), sync.title(), sync.description(), sync.system(), "crm", sync.organisations(), sync.schedules(),
                sync.entities());
        assertThat(tables.of(anew, entity).name("side_id")).isEqualTo("\"crm_id\"");
        assertThat(table.name("side_id")).isEqualTo("\"st_id\"");
    }
}
