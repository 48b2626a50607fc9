package io.syncline.config;

import java.util.Map;

/** Everything declared under {@code config/}, checked. Names are unique and every reference leads somewhere. */
public record Configuration(Map<String, SystemConfig> systems, Map<String, SyncConfig> syncs) {
    public Configuration {
        systems = Map.copyOf(systems);
        syncs = Map.copyOf(syncs);
    }

    /** The system that a sync reads from. */
    public SystemConfig systemOf(SyncConfig sync) {
        return systems.get(sync.system());
    }
}
