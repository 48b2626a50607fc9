package io.syncline.run;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.time.Instant;
import java.util.List;

/**
 * A run that is under way.
 *
 * @param keys      the records of a single run, else empty
 * @param repair   rows that do not say what they should are mended, too
 * @param approves the run whose held deletes a person has approved, or null
 * @param fence     the lease's number for full and incremental runs that publish; null for those that take no lease
 * @param takeovers how often another process, or this one after a restart, went on with it; who knows a smaller number writes nothing any more
 */
public record Run(long id, SyncConfig sync, String organisation, Mode mode, boolean dryRun, String entity, List<String> keys, Instant since,
                  boolean repair, Long approves, String trigger, String requestedBy, Long fence, int takeovers) {

    /** Camel looks up by the run itself what it knows of its class, with every step that asks it something: all that is declared is not added up for that. */
    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /** The entities it is about, in the order of the sync's file. */
    public List<EntityConfig> entities() {
        return entity == null ? sync.entities() : List.of(sync.entity(entity));
    }

    Run with(List<String> records) {
        return new Run(id, sync, organisation, mode, dryRun, entity, records, since, repair, approves, trigger, requestedBy, fence, takeovers);
    }

    /** An earlier holder may have left checkpoints. */
    boolean isTakenOver() {
        return takeovers > 0;
    }

    /** It can go on behind its last page; the others are short, or stage nothing, and begin again. */
    boolean isResumable() {
        return mode == Mode.FULL || mode == Mode.INCREMENTAL;
    }

    /** Everything is asked for, or everything that changed. */
    boolean isReadingAll() {
        return isResumable() || isComparing();
    }

    /** It reads nothing and publishes a kept plan. */
    public boolean isApplying() {
        return mode == Mode.APPLY;
    }

    /** It reads nothing and plans to take back what another run did. */
    public boolean isRollingBack() {
        return mode == Mode.ROLLBACK;
    }

    /** It reads nothing, and publishes what people did, what the system answered to it and what was decided about conflicts. */
    public boolean isPushing() {
        return mode == Mode.PUSH;
    }

    public boolean isSingle() {
        return mode == Mode.SINGLE;
    }

    /** It compares, and publishes nothing. */
    public boolean isComparing() {
        return mode == Mode.VERIFY;
    }
}
