package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.TimeFormat;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Short words for the tests of this package: a record is two letters, the values of its fields {@code a} and {@code b}. */
final class Rows {
    static final Shape SHAPE = new Shape(List.of(field("a"), field("b")));
    static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private Rows() {
    }

    private static Field field(String name) {
        return new Field(name, FieldType.TEXT, Path.of(name), false, false, false, TimeFormat.ISO, null);
    }

    static Document document(String letters) {
        return letters == null ? null : Document.stored("{\"a\":\"" + letters.charAt(0) + "\",\"b\":\"" + letters.charAt(1) + "\"}");
    }

    /** Microseconds after noon. */
    static Instant at(long micros) {
        return NOON.plusNanos(1000 * micros);
    }

    static Observed seen(String letters) {
        return seen(letters, null, null);
    }

    static Observed seen(String letters, Long version, Instant modifiedAt) {
        Document document = document(letters);
        return new Observed("1", document, version, modifiedAt, false, List.of(), null);
    }

    /** @param letters null for a deletion told without content */
    static Observed deletion(String letters, Long version, Instant modifiedAt) {
        return new Observed("1", document(letters), version, modifiedAt, true, List.of(), null);
    }

    static Stored.Agreement agreed(String letters, Long version, Instant modifiedAt) {
        return new Stored.Agreement(letters == null ? null : document(letters).hash(), version, modifiedAt);
    }

    static Stored row(Stored.Agreement agreement) {
        return new Stored(1, 1, agreement, false, null, false, null);
    }

    static Stored row(String agreed) {
        return row(agreed(agreed, null, null));
    }

    /** By the side: what is agreed is that it is gone. */
    static Stored deleted(Stored row) {
        Stored.Agreement gone = new Stored.Agreement(null, row.agreement().version(), row.agreement().modifiedAt());
        return new Stored(row.rowId(), row.revision(), gone, true, row.localChange(), row.openConflict(), row.echoHash(), row.disputed());
    }

    /** A run made it and was rolled back: the side has it still. */
    static Stored unmade(Stored row) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), true, null, row.openConflict(), row.echoHash(), row.disputed());
    }

    /** A run deleted it and was rolled back: the side has it no more. */
    static Stored unremoved(Stored row) {
        return new Stored(row.rowId(), row.revision(), deleted(row).agreement(), false, null, row.openConflict(), row.echoHash(), row.disputed());
    }

    static Stored edited(Stored row, String base, String ours, Instant at) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), row.deleted(), new Stored.LocalChange(document(base), document(ours), false, at),
                row.openConflict(), row.echoHash(), row.disputed());
    }

    static Stored deletedHere(Stored row, String base, Instant at) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), true, new Stored.LocalChange(document(base), document(base), true, at),
                row.openConflict(), row.echoHash(), row.disputed());
    }

    static Stored inConflict(Stored row, Stored.Agreement shown) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), row.deleted(), row.localChange(), true, row.echoHash(), shown);
    }

    /** The mapping of field {@code a} has changed since. */
    static Stored remapped(Stored row, Document says, Document shown) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), row.deleted(), row.localChange(), row.openConflict(), row.echoHash(), row.disputed(),
                row.conflictIsBehind(), new Stored.Remapped(Set.of("a"), says, shown));
    }

    static Stored behind(Stored row) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), row.deleted(), row.localChange(), row.openConflict(), row.echoHash(), row.disputed(),
                true,
                row.remapped());
    }

    static Stored echoing(Stored row, String answered) {
        return new Stored(row.rowId(), row.revision(), row.agreement(), row.deleted(), row.localChange(), row.openConflict(), document(answered).hash(),
                row.disputed());
    }
}
