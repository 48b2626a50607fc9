package io.syncline.inspect;

import java.time.Instant;

/**
 * When records are looked at; exactly one of the two says.
 *
 * @param snapshot by its id, as it was sealed
 * @param instant  as it was then, edits included that no snapshot had sealed
 */
public record Then(Long snapshot, Instant instant) {
}
