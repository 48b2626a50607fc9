package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tables of what is declared, for those who need them page by page. A declaration that is read anew is another one, so what was kept never goes stale. */
final class KnownTables {
    private final Map<Declared, EntityTable> known = new ConcurrentHashMap<>();

    EntityTable of(SyncConfig sync, EntityConfig entity) {
        return known.computeIfAbsent(new Declared(sync, entity), declared -> new EntityTable(declared.sync, declared.entity));
    }

    /** The very objects: to compare all that they hold would cost more than is saved. */
    private static final class Declared {
        private final SyncConfig sync;
        private final EntityConfig entity;

        Declared(SyncConfig sync, EntityConfig entity) {
            this.sync = sync;
            this.entity = entity;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Declared that && sync == that.sync && entity == that.entity;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(sync) + System.identityHashCode(entity);
        }
    }
}
