package io.syncline.config;

import java.util.List;

/** All cases of a configuration, in the order of files and lines. */
public record Cases(List<SystemCase> ofSystems, List<SyncCase> ofSyncs, List<PushCase> pushes) {
    public Cases {
        ofSystems = List.copyOf(ofSystems);
        ofSyncs = List.copyOf(ofSyncs);
        pushes = List.copyOf(pushes);
    }
}
