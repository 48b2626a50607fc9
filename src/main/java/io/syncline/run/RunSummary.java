package io.syncline.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A run in a list.
 *
 * @param snapshot     the number of what it published, or null
 * @param delivered    over all entities, as are the counts
 * @param notPublished what was decided otherwise and came to nothing, or has not come to that yet
 */
public record RunSummary(long run, String sync, String mode, boolean dryRun, String entity, String key, Instant since, boolean repair, String trigger,
                         String requestedBy, String state, Instant requestedAt, Instant startedAt, Instant finishedAt, Long snapshot, int takeovers,
                         long delivered, Map<String, Long> counts, long notPublished, String failure) {
    /** How long it took; null while it has not ended, and of one that never began. */
    public Long durationMs() {
        return startedAt == null || finishedAt == null ? null : Duration.between(startedAt, finishedAt).toMillis();
    }
}
