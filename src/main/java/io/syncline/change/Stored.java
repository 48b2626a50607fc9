package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.SideMapping;

import java.time.Instant;
import java.util.Set;

/**
 * What is stored of a record, as far as deciding about it needs.
 *
 * @param rowId           the row
 * @param revision        counts the row's writes; a plan remembers the one it was made for
 * @param agreement       what was last agreed with the side, or null for a row never linked to it
 * @param deleted         the row is soft-deleted
 * @param localChange     what changed on our side since the agreement, or null when nothing did
 * @param openConflict    a conflict about the row is open
 * @param echoHash        the hash the side itself answered to a write of ours that has not been seen coming back, or null;
 *                        whatever is agreed after that write ends its wait
 * @param disputed        what the open conflict shows of the side already; null where none is open
 * @param conflictIsBehind the open conflict does not show what the row says now
 * @param remapped        how the row's content was mapped otherwise than it would be now, or null where it was not
 * @param underWay        something was sent there, or may have been, that is not settled yet: what the side shows may be its doing
 */
public record Stored(long rowId, int revision, Agreement agreement, boolean deleted, LocalChange localChange, boolean openConflict, byte[] echoHash,
                     Agreement disputed, boolean conflictIsBehind, Remapped remapped, boolean underWay) {

    /** Of which nothing is under way. */
    public Stored(long rowId, int revision, Agreement agreement, boolean deleted, LocalChange localChange, boolean openConflict, byte[] echoHash,
                  Agreement disputed, boolean conflictIsBehind, Remapped remapped) {
        this(rowId, revision, agreement, deleted, localChange, openConflict, echoHash, disputed, conflictIsBehind, remapped, false);
    }

    /** Mapped as now, and an open conflict shows what the row says. */
    public Stored(long rowId, int revision, Agreement agreement, boolean deleted, LocalChange localChange, boolean openConflict, byte[] echoHash,
                  Agreement disputed) {
        this(rowId, revision, agreement, deleted, localChange, openConflict, echoHash, disputed, false, null);
    }

    /** Without what an open conflict shows: then every observation is news to it. */
    public Stored(long rowId, int revision, Agreement agreement, boolean deleted, LocalChange localChange, boolean openConflict, byte[] echoHash) {
        this(rowId, revision, agreement, deleted, localChange, openConflict, echoHash, null);
    }

    /** A person deleted it, and the side has not been told. */
    public boolean deletedHere() {
        return localChange != null && localChange.deletedHere();
    }

    /** It is deleted because the side deleted it. */
    public boolean deletedThere() {
        return deleted && !deletedHere() && agreement.isGone();
    }

    /** It was rolled back to where it was not there yet: the side has it, and nobody deleted it. */
    public boolean unmade() {
        return deleted && localChange == null && agreement != null && !agreement.isGone();
    }

    /** It was rolled back to where it was still there: the side has it no more, and nobody brought it back. */
    public boolean unremoved() {
        return !deleted && localChange == null && agreement != null && agreement.isGone();
    }

    /** The same row, of which nothing was ever agreed. */
    public Stored unlinked() {
        return new Stored(rowId, revision, null, deleted, localChange, openConflict, echoHash, disputed, conflictIsBehind, remapped, underWay);
    }

    /** What the side showed last, as far as anything was noted of it: an open conflict shows more than was agreed. */
    Agreement lastShown() {
        return disputed != null ? disputed : agreement;
    }

    /**
     * @param hash    null when what is agreed is that the side does not have the record any more
     * @param version null where the side has none; likewise {@code modifiedAt}
     */
    public record Agreement(byte[] hash, Long version, Instant modifiedAt) {
        /** What was agreed is that the side does not have it. */
        public boolean isGone() {
            return hash == null;
        }
    }

    /**
     * @param fields   whose mapping changed since the row's content was read; those given up and the side's marks are among them
     * @param row      what the row says
     * @param disputed what its open conflict shows of the side; null where none is open, and where the side has it no more
     * @param agreed   what was agreed with the side, where the row was rolled back and says something else; null where nothing changed on our side
     */
    public record Remapped(Set<String> fields, Document row, Document disputed, Document agreed) {
        /** Of a row that was not rolled back. */
        public Remapped(Set<String> fields, Document row, Document disputed) {
            this(fields, row, disputed, null);
        }

        boolean ofMarks() {
            return fields.contains(SideMapping.VERSION) || fields.contains(SideMapping.MODIFIED_AT);
        }
    }

    /** Marks that were mapped otherwise say nothing of what came before or after. */
    Stored withComparableMarks() {
        if (remapped == null || !remapped.ofMarks()) {
            return this;
        }
        return new Stored(rowId, revision, unmarked(agreement), deleted, localChange, openConflict, echoHash, disputed == null ? null : unmarked(disputed),
                conflictIsBehind, remapped, underWay);
    }

    private static Agreement unmarked(Agreement agreement) {
        return new Agreement(agreement.hash(), null, null);
    }

    /**
     * @param base  what was agreed with the side
     * @param ours  what the row says now
     * @param at    when it was last edited
     */
    public record LocalChange(Document base, Document ours, boolean deletedHere, Instant at) {
    }
}
