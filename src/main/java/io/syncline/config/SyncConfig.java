package io.syncline.config;

import java.time.ZoneId;
import java.util.List;

/**
 * What is kept in step: {@code config/syncs/<name>.yaml}.
 *
 * @param side          the system's short name in this sync; it prefixes the agreement columns, e.g. {@code st_id}
 * @param organisations for whom it runs
 * @param entities      in the order of the file
 */
public record SyncConfig(String name, String title, String description, String system, String side, List<String> organisations,
                         Schedules schedules, List<EntityConfig> entities) {
    public SyncConfig {
        organisations = List.copyOf(organisations);
        entities = List.copyOf(entities);
    }

    public EntityConfig entity(String name) {
        return entities.stream().filter(entity -> entity.name().equals(name)).findFirst().orElse(null);
    }

    /** Quartz cron expressions, or null where a kind of run is not scheduled. */
    public record Schedules(String incremental, String full, ZoneId zone) {
    }
}
