package io.syncline.run;

import io.syncline.store.Selection;

import java.time.Instant;

/**
 * Somebody asks for a run.
 *
 * @param dryRun      decide and report, publish nothing
 * @param since       read changes since this moment instead of the watermark; null for the watermark
 * @param entity      only this entity, or null for all
 * @param key         the record of a single run, else null
 * @param repair      rows that do not say what they should are mended, too; for full runs only
 * @param approves    the run whose held deletes a person has approved, or null; for full runs only
 * @param application the kept plan that is to be applied, or null; not null for mode {@code APPLY} only
 * @param rollback    the run that is to be taken back, or null; not null for mode {@code ROLLBACK} only
 * @param trigger     {@code api}, {@code schedule}, {@code demo}, …
 * @param requestedBy the key's name, or the schedule's
 */
public record RunRequest(String sync, String organisation, Mode mode, boolean dryRun, Instant since, String entity, String key,
                         boolean repair, Long approves, Application application, Rollback rollback, String trigger, String requestedBy) {
    public RunRequest(String sync, String organisation, Mode mode, boolean dryRun, Instant since, String entity, String key, String trigger,
                      String requestedBy) {
        this(sync, organisation, mode, dryRun, since, entity, key, false, null, trigger, requestedBy);
    }

    public RunRequest(String sync, String organisation, Mode mode, boolean dryRun, Instant since, String entity, String key, boolean repair, Long approves,
                      String trigger, String requestedBy) {
        this(sync, organisation, mode, dryRun, since, entity, key, repair, approves, null, null, trigger, requestedBy);
    }

    /** @param selection which rows of the plan, or null for all of them */
    public record Application(long plan, Selection selection) {
    }

    /** @param reason why, in the words of who asks for it */
    public record Rollback(long run, String reason) {
    }

    public boolean isSingle() {
        return mode == Mode.SINGLE;
    }
}
