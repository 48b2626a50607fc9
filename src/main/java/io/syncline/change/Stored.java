package io.syncline.change;

import io.syncline.record.Document;

import java.time.Instant;

/**
 * What is stored of a record, as far as deciding about it needs.
 *
 * @param rowId           the row
 * @param revision        counts the row's writes; a plan remembers the one it was made for
 * @param agreement       what was last agreed with the side, or null for a row never linked to it
 * @param deleted         the row is soft-deleted
 * @param localChange     what changed on our side since the agreement, or null when nothing did
 * @param openConflict    a conflict about the row is open
 * @param echoHash        the hash the side itself answered to a write of ours that has not been seen coming back, or null
 */
public record Stored(long rowId, int revision, Agreement agreement, boolean deleted, LocalChange localChange, boolean openConflict, byte[] echoHash) {

    /** @param version null where the side has none; likewise {@code modifiedAt} */
    public record Agreement(byte[] hash, Long version, Instant modifiedAt) {
    }

    /**
     * @param base  what was agreed with the side
     * @param ours  what the row says now
     * @param at    when it was last edited
     */
    public record LocalChange(Document base, Document ours, boolean deletedHere, Instant at) {
    }
}
