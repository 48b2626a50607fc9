package io.syncline.inspect;

import java.time.Instant;
import java.util.List;

/**
 * One version of a record.
 *
 * @param until    null for the current one
 * @param snapshot the number of the snapshot that it came with, or was sealed by; null while it is not sealed
 * @param what     {@code created}, {@code changed}, {@code deleted} or {@code restored}
 * @param run      that brought it; null where a person did
 * @param person   who edited it; null where a run brought it
 * @param changed  what is different from the version before; empty where the content of either was removed since
 * @param removed  {@code erased} or {@code expired} where it has no content any more; else null
 */
public record Version(Instant since, Instant until, Long snapshot, String what, Origin run, String person, List<FieldChange> changed,
                      String removed) {
    /** A run, as it was asked for. */
    public record Origin(long run, String mode, String trigger, String requestedBy) {
    }
}
