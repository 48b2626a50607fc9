package io.syncline.inspect;

import java.time.Instant;

/**
 * A record as it was at some time.
 *
 * @param snapshot the number of the snapshot that brought that version; null where it was an edit that no snapshot has sealed
 */
public record FormerRecord(long row, String key, String document, Instant since, Long snapshot) {
}
