package io.syncline.store;

import io.syncline.change.Outcome;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What a publish left behind.
 *
 * @param snapshot null when nothing changed and none was to be sealed
 * @param counts   per entity, the final outcomes of everything that was staged
 * @param undecided entities of which something came that nothing tells the order of; their marks must not pass it (promise 2)
 */
public record Published(Snapshot snapshot, Map<String, Map<Outcome, Long>> counts, Set<String> undecided) {

    /**
     * @param id     what rows point to
     * @param number consecutive per sync and organisation, from 1
     * @param digest of this snapshot and, through it, of all before it
     */
    public record Snapshot(long id, long number, Instant sealedAt, String digest, long changes) {
    }
}
