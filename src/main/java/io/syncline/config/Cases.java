package io.syncline.config;

import java.util.List;

/** All cases of a configuration, in the order of files and lines. */
public record Cases(List<SystemCase> ofSystems, List<SyncCase> ofSyncs) {
    public Cases {
        ofSystems = List.copyOf(ofSystems);
        ofSyncs = List.copyOf(ofSyncs);
    }
}
