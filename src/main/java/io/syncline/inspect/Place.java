package io.syncline.inspect;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.store.EntityTable;

/** The records of one entity for one organisation. */
public record Place(SyncConfig sync, EntityConfig entity, String organisation) {
    EntityTable table() {
        return new EntityTable(sync, entity);
    }
}
