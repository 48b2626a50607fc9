package io.syncline.config;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Everything declared under {@code config/}, checked. Names are unique and in order, and every reference leads somewhere. */
public record Configuration(Map<String, SystemConfig> systems, Map<String, SyncConfig> syncs) {
    public Configuration {
        systems = Collections.unmodifiableMap(new TreeMap<>(systems));
        syncs = Collections.unmodifiableMap(new TreeMap<>(syncs));
    }

    /** The system that a sync reads from. */
    public SystemConfig systemOf(SyncConfig sync) {
        return systems.get(sync.system());
    }
}
