package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.record.Document;
import io.syncline.record.Observed;

import java.time.Instant;
import java.util.Comparator;

/** A planned change, as the columns of a staging table. */
final class Staged {
    /** Of several showings of a record the newest first. */
    static final Comparator<Staged> NEWEST_FIRST = Comparator
            .comparing((Staged staged) -> staged.observed == null ? null : staged.observed.version(), Comparator.nullsLast(Comparator.reverseOrder()))
            .thenComparing(staged -> staged.observed == null ? null : staged.observed.modifiedAt(), Comparator.nullsLast(Comparator.reverseOrder()))
            .thenComparing(staged -> -staged.page);

    final int page;
    final Observed observed;
    final Long row;
    final Integer revision;
    final Document written;
    final Rules.Policy settledBy;
    Outcome outcome;
    boolean writes;
    boolean agrees;
    boolean undecided;

    Staged(int page, Change change) {
        this.page = page;
        this.observed = change.observed();
        this.row = change.stored() == null ? null : change.stored().rowId();
        this.revision = change.stored() == null ? null : change.stored().revision();
        this.written = change.document();
        this.settledBy = change.settledBy();
        this.outcome = change.outcome();
        this.writes = change.document() != null;
        this.agrees = change.agrees();
        this.undecided = change.isUndecided();
    }

    /** Its marks say that it is newer than what was agreed, or than what the open conflict shows. */
    static boolean isLater(Observed observed, Row row) {
        Long version = row.conflict == null || row.conflict.version == null ? row.version : row.conflict.version;
        Instant modified = row.conflict == null || row.conflict.modified == null ? row.modified : row.conflict.modified;
        return observed.version() != null && version != null && observed.version() > version
                || observed.modifiedAt() != null && modified != null && observed.modifiedAt().isAfter(modified);
    }

    String key() {
        return observed == null ? null : observed.key();
    }

    boolean isGone() {
        return observed == null || observed.deleted();
    }

    Document theirs() {
        return observed == null ? null : observed.document();
    }

    /** What is written where that is not what the side shows; null otherwise. */
    Document merged() {
        return written == null || written.equals(theirs()) ? null : written;
    }

    byte[] agreedHash() {
        return isGone() ? new byte[0] : theirs().hash();
    }

    /** It is read again. */
    void leaveUndecided() {
        setAside(Outcome.STALE);
        undecided = true;
    }

    void setAside(Outcome as) {
        outcome = as;
        writes = false;
        agrees = false;
    }
}
