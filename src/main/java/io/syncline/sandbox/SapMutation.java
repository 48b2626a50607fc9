package io.syncline.sandbox;

/**
 * One change of the caseload.
 *
 * @param id the case's
 */
public record SapMutation(Kind kind, String id) {
    /** What happened to the case. */
    public enum Kind {
        CREATED, UPDATED,
        /** Its change time moved and nothing else. */
        TOUCHED,
        /** One of its items changed, and its change time did not move. */
        ITEM_CHANGED,
        /** Gone; only a delta tells. */
        DELETED
    }
}
