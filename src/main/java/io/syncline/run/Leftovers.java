package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.store.Staging;
import org.springframework.stereotype.Component;

/** Throws away what runs staged that ended without cleaning up: their process had died, or a run woke up after it had been ended. */
@Component
class Leftovers {
    private final Staging staging;
    private final Configuration configuration;

    Leftovers(Staging staging, Configuration configuration) {
        this.staging = staging;
        this.configuration = configuration;
    }

    /** What a sync staged that is no longer configured stays until it is configured again. */
    void drop() {
        staging.leftovers().forEach((run, name) -> {
            SyncConfig sync = configuration.syncs().get(name);
            if (sync != null) {
                staging.drop(run, sync);
            }
        });
    }
}
