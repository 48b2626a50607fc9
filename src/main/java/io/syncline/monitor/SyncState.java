package io.syncline.monitor;

import io.syncline.schedule.Timetable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a sync of an organisation stands.
 *
 * @param full        the last full runs of all entities
 * @param incremental the same of incremental runs
 * @param freshAsOf       when the last successful run began: what the source showed then is here; null while there is none
 * @param next            when the next schedule comes, or null
 * @param activity        the run under way, or null
 * @param pushes          what is on its way to the system
 * @param webhooks        what the system told by itself
 * @param errors          what went wrong lately, the newest first
 */
public record SyncState(String sync, String title, String system, Health health, Lasts full, Lasts incremental, Instant freshAsOf, Instant next,
                        List<Timetable.Entry> schedules, Activity activity, List<Entity> entities, Health.Pushes pushes, Health.Webhooks webhooks,
                        List<Trouble> errors, Instant asOf) {

    /**
     * The last runs of one mode.
     *
     * @param ended     the last that has ended, or null
     * @param succeeded the last that was published, wholly or in part, or null
     */
    public record Lasts(Last ended, Last succeeded) {
        Instant success() {
            return succeeded == null ? null : succeeded.startedAt();
        }
    }

    /** A run that has ended. */
    public record Last(long run, String state, Instant startedAt, Instant finishedAt, String failure) {
    }

    /**
     * A run under way.
     *
     * @param phase   {@code queued}, {@code reading}, {@code comparing} or {@code publishing}
     * @param records how many the source has delivered so far
     * @param rate    records per second, over the last half minute
     */
    public record Activity(long run, String mode, String entity, String trigger, String requestedBy, String phase, Instant startedAt, Duration elapsed,
                           long pages, long records, long rate, boolean cancelAsked, List<EntityActivity> entities) {
    }

    /** How far one entity of it is. */
    public record EntityActivity(String entity, String state, long pages, long records) {
    }

    /**
     * @param attention records set aside, rejected or waiting for a parent
     * @param held      deletes held for approval
     * @param watermark up to when the source has been read, or null
     * @param countedAt when its rows were counted
     */
    public record Entity(String entity, long total, long synced, long pending, long conflicts, long attention, long held, long deleted, Instant watermark,
                         Instant countedAt) {
    }

    /**
     * @param run    the run that met it
     * @param entity null where the whole run failed
     */
    public record Trouble(long run, String mode, String entity, Instant at, String what) {
    }
}
