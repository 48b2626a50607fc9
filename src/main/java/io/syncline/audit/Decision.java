package io.syncline.audit;

import java.time.Instant;

/**
 * What somebody decided about a version of a record.
 *
 * @param number         in the ledger of its organisation
 * @param key            the record's key then; null where it had none yet
 * @param snapshot       the number of the snapshot that was looked at
 * @param broughtBy      the number of the snapshot that the version began with
 * @param hash           SHA-256 of the record's document, in hexadecimal digits like all digests
 * @param documentSha256 of a document that is kept elsewhere, or null
 * @param digest         of the entry, in the ledger's chain
 */
public record Decision(long number, Instant at, String actor, String what, String reason, String documentSha256, String sync, String entity, long row,
                       String key, long snapshot, long broughtBy, Instant since, String hash, String digest) {
}
