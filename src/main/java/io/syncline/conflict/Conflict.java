package io.syncline.conflict;

import java.time.Instant;
import java.util.List;

/**
 * A record that both sides changed.
 *
 * @param side          the other side's short name
 * @param kind          {@code changed-both}, {@code deleted-there}, {@code deleted-here}; {@code bypassed} for what a repair overwrote
 * @param fields        that the sides disagree on
 * @param base          what both had agreed; empty where it was removed, as theirs and ours are then
 * @param theirs        what the side shows; null where it has deleted the record
 * @param ours          what the row said when the conflict was last refreshed, or settled
 * @param theirsHash    empty for a deletion
 * @param theirsBefore  what the side showed before the last refresh, or null
 * @param refreshedAt   when it was last told something new
 * @param run           that told it
 * @param settled       how it ended, or null while it is open
 * @param waiting       the decision that waits to be made true, or null
 * @param decided       the number of the decision that waits, or settled it; else null
 * @param reopens       the conflict that was settled before the side moved again, or null
 */
public record Conflict(long id, String sync, String entity, String organisation, String key, long row, String side, String kind, String reason,
                       List<String> fields, String base, String theirs, String ours, byte[] theirsHash, Long theirsVersion, Instant theirsModifiedOn,
                       String theirsBefore, Instant detectedAt, Instant refreshedAt, long run, Settled settled, Waiting waiting, Long decided, Long reopens) {
    /** @param how {@code theirs}, {@code ours}, {@code merged} or {@code moot} */
    public record Settled(String by, Instant at, String how, String reason) {
    }

    /** A decision that is not made true yet. */
    public record Waiting(long decision, String by, Instant at, String how) {
    }

    public boolean isOpen() {
        return settled == null;
    }

    boolean isGoneThere() {
        return theirs == null;
    }

    /** What it showed was removed, by an erasure or because it was kept long enough. */
    public boolean isRemoved() {
        return base.isEmpty();
    }
}
