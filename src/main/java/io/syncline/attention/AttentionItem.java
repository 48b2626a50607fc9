package io.syncline.attention;

import java.time.Instant;
import java.util.List;

/**
 * One thing that waits.
 *
 * @param kind          one of {@link AttentionList#KINDS}
 * @param key           the record's, or null where it has none that can be read, and for held deletes
 * @param row           the row that it is about, or null where there is none
 * @param since         when it was first seen
 * @param nextAttemptAt when it is tried again by itself; null where only a person moves it
 * @param run           that showed it last
 * @param records       how many records it is about
 * @param fields        that are in conflict; empty for other kinds
 * @param closed        what became of it, or null while it is open
 */
public record AttentionItem(String id, String kind, String sync, String entity, String key, Long row, String reason, int attempts, Instant since,
                            Instant lastSeenAt, Instant nextAttemptAt, long run, long records, List<String> fields, Closed closed) {
    /**
     * How an item ended.
     *
     * @param by     the person who decided it; null where nobody did
     * @param reason that the person gave
     */
    public record Closed(Instant at, String how, String by, String reason) {
    }

    /** An entry of the outbox: what is done about it is done there. */
    public boolean isPush() {
        return id.startsWith("p");
    }

    public boolean waitsForPerson() {
        return closed == null && nextAttemptAt == null;
    }
}
