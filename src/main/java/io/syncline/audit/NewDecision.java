package io.syncline.audit;

/**
 * A decision that somebody makes.
 *
 * @param record         its key, or {@code row:} and its row where it has none
 * @param snapshot       the number of the snapshot that was looked at; null for the newest
 * @param documentSha256 of a document that is kept elsewhere, in hexadecimal digits, or null
 */
public record NewDecision(String organisation, String actor, String sync, String entity, String record, Long snapshot, String what, String reason,
                          String documentSha256) {
}
