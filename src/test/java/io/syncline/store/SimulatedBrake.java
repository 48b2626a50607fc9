package io.syncline.store;

import io.syncline.config.EntityConfig;

import java.util.Optional;

/** The product's own limit of deletes, for simulated tables. */
public final class SimulatedBrake {
    private final DeleteLimit limit;

    /** @param live how many rows of the entity are there */
    public SimulatedBrake(EntityConfig entity, long live) {
        limit = new DeleteLimit(entity.brake(), live);
    }

    public long most() {
        return limit.most();
    }

    public Optional<String> reason(long deletes, boolean emptyAnswer, boolean unconfirmed) {
        return limit.reason(deletes, emptyAnswer, unconfirmed);
    }
}
