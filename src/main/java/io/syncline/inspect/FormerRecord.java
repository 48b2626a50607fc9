package io.syncline.inspect;

import java.time.Instant;

/**
 * A record as it was at some time.
 *
 * @param document null where its content was removed since
 * @param snapshot the number of the snapshot that brought that version; null where it was an edit that no snapshot has sealed
 * @param removal  why it has no content any more; else null
 */
public record FormerRecord(long row, String key, String document, Instant since, Long snapshot, Removal removal) {
}
