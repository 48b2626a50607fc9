package io.syncline.inspect;

import java.time.Instant;

/**
 * A record as it stands.
 *
 * @param key        null while it has none at its system
 * @param document   its fields, as a canonical document; null where they were erased
 * @param status     {@code synced}, {@code pending_push}, {@code pending_pull}, {@code conflict} or {@code attention}
 * @param base       what was agreed with the side, where it was edited here since; else null
 * @param since      since when it says what it says
 * @param snapshot   the number of the snapshot that brought it; null while an edit waits to be sealed
 * @param agreedHere when the side and we last agreed
 * @param goneThere  its system has it no more, as far as we know
 */
public record FoundRecord(long row, String key, int revision, String document, String status, String direction, Instant deletedAt, String deletedBy,
                          String base, Long version, Instant modifiedThere, Instant agreedHere, Instant editedAt, String editedBy, Instant since,
                          Long snapshot, boolean goneThere) {
}
