package io.syncline.check;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncCase;
import io.syncline.config.SyncCase.State;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.util.List;
import java.util.Set;

/** Runs the cases of one entity through its mapping and the classifier. */
final class SyncCases {
    private final EntityConfig entity;
    private final Shape shape;
    private final Samples samples;
    private final RowFields row;
    private final String side;

    SyncCases(SyncConfig sync, EntityConfig entity) {
        this.entity = entity;
        this.shape = entity.shape();
        this.samples = new Samples(entity.mapping());
        this.row = new RowFields(shape);
        this.side = sync.side();
    }

    /** @throws CaseFailure when the decision is not the expected one */
    void run(SyncCase given) throws CaseFailure {
        compare(given.expected(), decided(given), given.stored() == null ? null : now(given));
    }

    /** @throws CaseFailure when the case contradicts itself */
    Change decided(SyncCase given) throws CaseFailure {
        Classifier classifier = new Classifier(shape, given.rules() == null ? entity.rules() : given.rules(), side);
        Observed incoming = given.incoming() == null ? null : observed(given.incoming());
        Stored stored = given.stored() == null ? null : stored(given, incoming);
        if (given.row().contains(State.SHOWN_MEANWHILE)) {
            return classifier.overtaken(incoming, stored);
        }
        if (given.row().contains(State.LONG_RUN_BESIDE)) {
            return classifier.beside(incoming, stored);
        }
        return incoming == null ? classifier.absent(stored) : classifier.classify(incoming, stored);
    }

    private Observed observed(String record) {
        return Records.read(entity.mapping(), samples.complete(Records.tree(record)));
    }

    private Observed agreed(SyncCase given) throws CaseFailure {
        Observed agreed = observed(given.stored());
        if (!agreed.isFit()) {
            throw new CaseFailure("stored could never have been stored: " + String.join("; ", agreed.problems()));
        }
        if (agreed.deleted()) {
            throw new CaseFailure("stored is marked as deleted; write the record as it was before, and row: deleted");
        }
        return agreed;
    }

    private Stored stored(SyncCase given, Observed incoming) throws CaseFailure {
        Observed agreed = agreed(given);
        Set<State> row = given.row();
        boolean deletedHere = row.contains(State.DELETED_HERE);
        Document ours = now(given);
        boolean rolledBack = row.contains(State.ROLLED_BACK);
        boolean touched = !rolledBack && (deletedHere || given.local() != null || row.contains(State.KEPT_HERE));
        Stored.LocalChange local = touched ? new Stored.LocalChange(agreed.document(), ours, deletedHere, given.editedAt()) : null;
        boolean echo = row.contains(State.ECHO) && incoming != null && incoming.document() != null;
        boolean gone = row.contains(State.DELETED) && !rolledBack || row.contains(State.KEPT_HERE);
        Observed shown = given.shown() == null ? null : observed(given.shown());
        Stored.Agreement disputed = given.shownGone() ? new Stored.Agreement(null, null, null)
                : shown == null ? null : new Stored.Agreement(shown.deleted() ? null : shown.hash(), shown.version(), shown.modifiedAt());
        return new Stored(1, 1, new Stored.Agreement(gone ? null : agreed.hash(), agreed.version(), agreed.modifiedAt()),
                deletedHere || row.contains(State.DELETED),
                local, row.contains(State.OPEN_CONFLICT), echo ? incoming.hash() : null, disputed, row.contains(State.EDITED_SINCE_SHOWN),
                given.remapped().isEmpty() ? null : new Stored.Remapped(given.remapped(), ours, shown == null ? null : shown.document(),
                        rolledBack ? agreed.document() : null), row.contains(State.UNDER_WAY));
    }

    /** What the row says before anything is decided. */
    private Document now(SyncCase given) throws CaseFailure {
        Observed agreed = agreed(given);
        return given.local() == null ? agreed.document() : shape.document(row.with(shape.values(agreed.document()), Records.tree(given.local())));
    }

    private void compare(SyncCase.Expected expected, Change change, Document before) throws CaseFailure {
        if (!change.outcome().word().equals(expected.change())) {
            throw new CaseFailure("expected " + expected.change() + ", but it is " + change.outcome().word() + ": " + change.reason());
        }
        if (expected.reason() != null && !change.reason().contains(expected.reason())) {
            throw new CaseFailure("expected a reason with \"" + expected.reason() + "\", but it is: " + change.reason());
        }
        if (expected.fields() != null) {
            List<String> fields = fields(change, before);
            if (!fields.equals(expected.fields().stream().sorted().toList())) {
                throw new CaseFailure("expected the fields " + expected.fields() + ", but they are " + fields);
            }
        }
        Document after = change.document() != null ? change.document() : before;
        if (expected.row() != null && after == null) {
            throw new CaseFailure("expected a row, but there is none: " + change.reason());
        }
        if (expected.row() != null) {
            List<String> differing = row.differing(shape.values(after), Records.tree(expected.row()));
            if (!differing.isEmpty()) {
                throw new CaseFailure("expected other values in the row for " + differing + "; it says " + after.text());
            }
        }
    }

    /** The fields in dispute, or those that the row changes in. */
    private List<String> fields(Change change, Document before) {
        if (change.outcome() == Outcome.CONFLICT || change.settledBy() != null) {
            return change.fields().stream().sorted().toList();
        }
        return before == null || change.document() == null ? List.of() : shape.difference(before, change.document());
    }
}
