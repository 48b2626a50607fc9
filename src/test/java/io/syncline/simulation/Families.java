package io.syncline.simulation;

import io.syncline.record.Document;
import io.syncline.record.Shape;
import io.syncline.source.WriteOrder;

import java.util.Objects;

/** Which row a child belongs to, whatever that one is called by now: as the columns that lead from one table to another, and the statements about them. */
final class Families {
    private final MemoryHub hub;

    Families(MemoryHub hub) {
        this.hub = hub;
    }

    private static int field(MemoryHub.Table table) {
        return table.entity.shape().position("parent");
    }

    private static String named(MemoryHub.Table table, Row row) {
        return named(table, row.document);
    }

    private static String named(MemoryHub.Table table, Document document) {
        return field(table) >= 0 && table.entity.shape().values(document)[field(table)] instanceof String key ? key : null;
    }

    /** It was edited to belong to another parent. */
    boolean isNamedOtherwise(MemoryHub.Table table, Row row, Document before) {
        return !Objects.equals(named(table, row), named(table, before));
    }

    /** What was written of it may name another parent. */
    void written(MemoryHub.Table table, Row row) {
        String parent = named(table, row);
        row.parent = parent == null ? null : hub.table("groups").byKey.get(parent);
    }

    /** Parents that were not there yet when their child was written. */
    void resolve(MemoryHub.Table table) {
        table.byId.values().stream().filter(row -> row.parent == null).forEach(row -> written(table, row));
    }

    /** Children of a record that was made anew say so, by a version that is nobody's edit. */
    void nameParents(MemoryHub.Table table, long snapshot, long at) {
        table.byId.values().stream().filter(row -> isFormerlyNamed(table, row) && row.snapshot > 0 && row.validFrom < at)
                .forEach(row -> nameParent(table, row, snapshot, at));
    }

    private boolean isFormerlyNamed(MemoryHub.Table table, Row row) {
        String name = named(table, row);
        return row.parent != null && row.parent.key != null && name != null && hub.outbox.all.values().stream().anyMatch(push -> push.row == row.parent
                && push.action == WriteOrder.Action.CREATE && push.state == Push.State.DONE && name.equals(push.formerKey) && !name.equals(row.parent.key));
    }

    private static void nameParent(MemoryHub.Table table, Row row, long snapshot, long at) {
        Shape shape = table.entity.shape();
        table.history.add(new Row.Past(row.id, row.key, row.revision, row.snapshot, snapshot, row.validFrom, at, row.deleted, row.document));
        Document before = row.document;
        Object[] values = shape.values(before);
        values[field(table)] = row.parent.key;
        row.document = shape.document(values);
        row.base = row.key == null ? null : Objects.requireNonNullElse(row.base, before);
        row.pending = row.conflict == null && !row.isNothingToSend();
        row.revision++;
        row.snapshot = snapshot;
        row.validFrom = at;
    }
}
