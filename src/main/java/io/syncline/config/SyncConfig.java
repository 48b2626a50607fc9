package io.syncline.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What is kept in step: {@code config/syncs/<name>.yaml}.
 *
 * @param side          the system's short name in this sync; it prefixes the agreement columns, e.g. {@code st_id}
 * @param organisations for whom it runs
 * @param entities      in the order of the file
 * @param wholeReads    when an incremental run reads everything
 * @param keepsHistory  how long superseded versions keep their content; null for ever
 * @param localTables   people's own, beside the entities
 * @param imports       what fills those from files
 */
public record SyncConfig(String name, String title, String description, String system, String side, List<String> organisations,
                         Schedules schedules, List<EntityConfig> entities, WholeReads wholeReads, Duration keepsHistory,
                         List<LocalTable> localTables, List<ImportConfig> imports) {
    public SyncConfig {
        organisations = List.copyOf(organisations);
        entities = List.copyOf(entities);
        localTables = List.copyOf(localTables);
        imports = List.copyOf(imports);
    }

    public SyncConfig(String name, String title, String description, String system, String side, List<String> organisations, Schedules schedules,
                      List<EntityConfig> entities) {
        this(name, title, description, system, side, organisations, schedules, entities, WholeReads.DEFAULT, null, List.of(), List.of());
    }

    public SyncConfig(String name, String title, String description, String system, String side, List<String> organisations, Schedules schedules,
                      List<EntityConfig> entities, WholeReads wholeReads) {
        this(name, title, description, system, side, organisations, schedules, entities, wholeReads, null, List.of(), List.of());
    }

    public EntityConfig entity(String name) {
        return entities.stream().filter(entity -> entity.name().equals(name)).findFirst().orElse(null);
    }

    /**
     * When an incremental run reads an entity whole: after so long without a run that moved its watermark, so long after the last whole read, and after so
     * many runs that failed one after the other.
     */
    public record WholeReads(Duration after, Duration every, int afterFailures) {
        public static final WholeReads DEFAULT = new WholeReads(Duration.ofDays(30), Duration.ofDays(7), 3);
    }

    /**
     * When it runs by itself.
     *
     * @param incremental a Quartz cron expression, or null where it is not scheduled
     * @param full        the same for full runs
     * @param jitter      how much later a time may come, at random
     * @param catchUp     times that passed while no process ran are made up for, once
     */
    public record Schedules(String incremental, String full, ZoneId zone, Duration jitter, boolean catchUp) {
        public Schedules(String incremental, String full, ZoneId zone) {
            this(incremental, full, zone, Duration.ZERO, true);
        }
    }
}
