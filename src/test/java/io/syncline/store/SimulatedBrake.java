package io.syncline.store;

import io.syncline.config.EntityConfig;

import java.util.Optional;

/** The brake's own rules, for a simulation whose rows are not in PostgreSQL. */
public final class SimulatedBrake {
    private SimulatedBrake() {
    }

    /** Why the deletes of a run are held; empty when they are not. */
    public static Optional<String> reason(EntityConfig.Brake brake, long deletes, long live, boolean emptyAnswer) {
        return Brake.reason(brake, deletes, live, emptyAnswer);
    }

    public static long limit(EntityConfig.Brake brake, long live) {
        return Brake.limit(brake, live);
    }
}
