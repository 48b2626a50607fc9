package io.syncline.inspect;

import java.time.Instant;

/**
 * A record as it was, with what identifies its version.
 *
 * @param key      null where it had none
 * @param snapshot the id of the one that brought the version; null where it was an edit that no snapshot has sealed
 * @param hash     in hexadecimal digits
 * @param document null where its content was removed since
 * @param removed  {@code erased} or {@code expired} where it was
 */
public record ExportedRecord(long row, String key, Long snapshot, Instant since, String hash, String document, String removed) {
}
