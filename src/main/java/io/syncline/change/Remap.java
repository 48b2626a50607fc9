package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.Missing;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares quietly what was mapped otherwise: fields whose mapping changed are first taken over from what the side shows, into what was agreed and, unless
 * a person edited them since, into the row. What then still differs is judged as always.
 */
final class Remap {
    private final Shape shape;
    private final Set<String> fields;
    private final Object[] theirs;
    private final Stored before;
    private final Document base;
    private final Document ours;

    /** @param observed a living record that fits */
    Remap(Shape shape, Observed observed, Stored stored) {
        this.shape = shape;
        this.fields = stored.remapped().fields();
        this.theirs = shape.values(observed.document());
        this.before = stored;
        Document agreed = stored.localChange() != null ? stored.localChange().base() : stored.remapped().agreed() != null ? stored.remapped().agreed()
                : stored.remapped().row();
        Object[] then = shape.values(agreed, fields);
        Object[] now = shape.values(stored.remapped().row(), fields);
        this.base = shape.document(takenOver(then, then));
        this.ours = shape.document(takenOver(now, then));
    }

    /** What is stored of the record, as if it had always been mapped as now. */
    Stored stored() {
        Stored.LocalChange local = before.localChange();
        boolean edited = local != null && (local.deletedHere() || before.agreement().isGone() || !base.equals(ours));
        Stored marked = before.withComparableMarks();
        Stored.Agreement agreement = new Stored.Agreement(before.agreement().isGone() ? null : base.hash(), marked.agreement().version(),
                marked.agreement().modifiedAt());
        return new Stored(before.rowId(), before.revision(), agreement, before.deleted(),
                edited ? new Stored.LocalChange(base, ours, local.deletedHere(), local.at()) : null, before.openConflict(), before.echoHash(),
                disputed(marked.disputed()), before.conflictIsBehind(), null);
    }

    private Stored.Agreement disputed(Stored.Agreement shown) {
        Document document = before.remapped().disputed();
        if (shown == null || shown.isGone() || document == null) {
            return shown;
        }
        Object[] values = shape.values(document, fields);
        return new Stored.Agreement(shape.document(takenOver(values, values)).hash(), shown.version(), shown.modifiedAt());
    }

    /** What was judged of {@link #stored()}, with the row and its agreement brought to the mapping of now. */
    Change of(Change judged) {
        if (judged.outcome() == Outcome.STALE || judged.document() != null) {
            return judged;
        }
        boolean rewritten = !ours.equals(before.remapped().row());
        Document document = rewritten ? ours : null;
        boolean waits = judged.outcome() == Outcome.CONFLICT || judged.outcome() == Outcome.UNCHANGED && !judged.agrees() && before.openConflict();
        if (judged.outcome() == Outcome.CONFLICT) {
            return judged.remapped(Outcome.CONFLICT, judged.reason(), document, base);
        }
        return judged.remapped(rewritten ? Outcome.REMAPPED : judged.outcome(), rewritten ? reason() : judged.reason(), document, waits ? base : null);
    }

    private String reason() {
        return "its mapping changed: " + (fields.size() == 1 ? "field " : "fields ") + new TreeSet<>(fields).stream().collect(Collectors.joining(", "));
    }

    /** A person cannot make a member missing; where one is, it was not declared when the row was edited. */
    private Object[] takenOver(Object[] values, Object[] agreed) {
        Object[] taken = values.clone();
        for (int i = 0; i < taken.length; i++) {
            boolean edited = values[i] != Missing.MISSING && !Objects.equals(values[i], agreed[i]);
            if (!edited && fields.contains(shape.fields().get(i).name())) {
                taken[i] = theirs[i];
            }
        }
        return taken;
    }
}
