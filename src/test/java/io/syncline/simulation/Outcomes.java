package io.syncline.simulation;

import io.syncline.config.EntityConfig;
import io.syncline.record.Document;

import java.util.Arrays;

/** Whether something has become of a version that the source holds: it is in the table, or waits where people look. */
final class Outcomes {
    private Outcomes() {
    }

    static boolean isFinal(MemoryHub.Table table, Version version) {
        Row row = table.byKey.get(version.key());
        if (!version.isThere()) {
            return row == null || row.deleted || row.isGoneThere() || row.conflict != null && row.conflict.theirsHash.length == 0
                    || waits(table, version, "held");
        }
        if (!version.isReadable()) {
            return false;
        }
        if (!version.shown().isFit()) {
            return waits(table, version, "rejected");
        }
        byte[] hash = version.shown().hash();
        return row != null && (Arrays.equals(row.agreed, hash) || row.conflict != null && Arrays.equals(row.conflict.theirsHash, hash))
                || waits(table, version, "parked");
    }

    private static boolean waits(MemoryHub.Table table, Version version, String kind) {
        return table.attention.stream().anyMatch(entry -> entry.kind.equals(kind) && version.key().equals(entry.key)
                && (!kind.equals("parked") || version.shown().document().equals(entry.document)));
    }

    static boolean hasParents(MemoryHub hub, EntityConfig entity, Document document) {
        int parent = entity.shape().position("parent");
        return parent < 0 || !(entity.shape().values(document)[parent] instanceof String key) || hub.table("groups").byKey.containsKey(key);
    }
}
