package io.syncline.simulation;

import io.syncline.change.Stored;
import io.syncline.record.Document;
import io.syncline.record.Observed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** A row of an entity table, as the columns of the real one. */
final class Row implements Cloneable {
    final long id;
    String key;
    Document document;
    /** Null for a row never linked; empty where what is agreed is that the record is gone. */
    byte[] agreed;
    Long version;
    Instant modified;
    long synced;
    Document base;
    boolean deleted;
    boolean deletedHere;
    Conflict conflict;
    int revision = 1;
    long snapshot;
    long validFrom;
    long editedAt;
    String note;
    /** It says something that is to be sent. */
    boolean pending;
    /** The row of its parent, by whatever key that is known. */
    Row parent;
    /** What the side called it before it was made anew there. */
    final List<String> formerKeys = new ArrayList<>();
    /** The entry of the outbox about it that has not ended; null where there is none. */
    Push push;

    Row(long id) {
        this.id = id;
    }

    Stored stored(Mutant mutant) {
        boolean underWay = push != null && push.state.isUnderWay() && mutant != Mutant.WHAT_IS_UNDER_WAY_IS_JUDGED;
        byte[] echo = !underWay || push.state != Push.State.ANSWERED || push.answered == null || push.answered.document() == null ? null : push.answered.hash();
        return new Stored(id, revision, key == null ? null : agreement(agreed, version, modified), deleted,
                base == null ? null : new Stored.LocalChange(base, document, deleted && deletedHere,
                        editedAt == 0 ? null : Clock.instant(editedAt)), conflict != null, echo,
                conflict == null ? null : agreement(conflict.theirsHash, conflict.version, conflict.modified),
                conflict != null && conflict.rowRevision != revision, null, underWay);
    }

    boolean isGoneThere() {
        return agreed != null && agreed.length == 0;
    }

    /** It is deleted there and stays deleted here, or was deleted before anybody there knew of it. */
    boolean isNothingToSend() {
        return deleted && (key == null || isGoneThere());
    }

    /** What the side showed last is that it has it no more. */
    boolean isShownGone() {
        return conflict == null ? isGoneThere() : conflict.theirsHash.length == 0;
    }

    private static Stored.Agreement agreement(byte[] hash, Long version, Instant modified) {
        return new Stored.Agreement(hash.length == 0 ? null : hash, version, modified);
    }

    Row copy() {
        try {
            return (Row) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two edits of both sides that a person, or a policy, decides about. */
    static final class Conflict {
        final long row;
        final String key;
        String kind;
        Document base;
        Document theirs;
        Document ours;
        byte[] theirsHash;
        Long version;
        Instant modified;
        int rowRevision;
        long shown;
        /** What somebody decided about it, until a publish makes that true; null where nobody did. */
        Decision decision;
        /** Null while it is open. */
        String settled;

        Conflict(Row row) {
            this.row = row.id;
            this.key = row.key;
        }

        @Override
        public String toString() {
            return key + " " + kind + " " + (settled == null ? "open" : settled) + " base " + base + " theirs " + theirs + " ours " + ours + " at "
                    + rowRevision + (settled == null ? " shows " + HexFormat.of().formatHex(theirsHash) + " " + version + " " + modified : "");
        }
    }

    /**
     * What somebody decided about a conflict, and what they saw of it.
     *
     * @param merged what the row is to say; null where one side is taken as it is
     */
    record Decision(String how, byte[] theirsHash, Long version, Instant modified, int revision, Document merged, Document base, Document ours) {
        /** Both sides are as they were decided about. */
        boolean isAbout(Row row) {
            return row.revision == revision && Arrays.equals(row.conflict.theirsHash, theirsHash) && Objects.equals(row.conflict.version, version)
                    && Objects.equals(row.conflict.modified, modified);
        }
    }

    /** A version that another one took the place of. */
    record Past(long row, String key, int revision, long from, long to, long validFrom, long validTo, boolean deleted, Document document) {
    }

    /** What an edit left behind: the version before it, until a publish seals it. */
    record Edit(long row, String key, int revision, Document before, boolean deletedBefore, int revisionBefore, long snapshotBefore, long validFromBefore,
            long at) {
    }

    /** Something that waits for a person or for another record. */
    static final class Entry {
        final String kind;
        final String subject;
        String key;
        Long row;
        Document document;
        Long version;
        Instant modified;
        boolean deleted;
        long seen;

        Entry(String kind, String subject) {
            this.kind = kind;
            this.subject = subject;
        }

        /** By its marks. */
        boolean isNewerThan(Observed observed) {
            return version != null && observed.version() != null ? version > observed.version()
                    : modified != null && observed.modifiedAt() != null && modified.isAfter(observed.modifiedAt());
        }
    }
}
