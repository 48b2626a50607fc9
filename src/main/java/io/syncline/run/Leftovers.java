package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.store.Staging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Throws away what runs staged that ended without cleaning up, because their process had died or they woke up too late; and plans whose time is over. */
@Component
class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Staging staging;
    private final Configuration configuration;
    private final KeptPlans plans;

    Leftovers(Staging staging, Configuration configuration, KeptPlans plans) {
        this.plans = plans;
        this.staging = staging;
        this.configuration = configuration;
    }

    /** What a sync staged that is no longer configured stays until it is configured again. */
    void drop() {
        plans.expire();
        staging.leftovers().forEach((run, name) -> {
            SyncConfig sync = configuration.syncs().get(name);
            if (sync != null) {
                sweep(run, sync);
            }
        });
    }

    private void sweep(long run, SyncConfig sync) {
        try {
            staging.sweep(run, sync);
        } catch (DataAccessException e) {
            LOG.warn("What run {} staged is thrown away later: {}", run, e.getMostSpecificCause().getMessage());
        }
    }
}
