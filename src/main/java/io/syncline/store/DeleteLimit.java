package io.syncline.store;

import io.syncline.config.EntityConfig;

import java.util.Optional;

/** How many deletes a run may publish without asking, and why it may not publish more (promise 7). Pure: the same numbers give the same answer. */
final class DeleteLimit {
    /** Up to so many deletes never exceed the percentage: in a small table one row is a lot of percent. */
    private static final int ALWAYS_FEW = 5;

    private final EntityConfig.Brake brake;
    private final long live;

    /** @param live how many rows of the entity are there */
    DeleteLimit(EntityConfig.Brake brake, long live) {
        this.brake = brake;
        this.live = live;
    }

    /** With so many live rows these deletes keep to the percentage, so that nothing depends on how many more there are. */
    static long enough(EntityConfig.Brake brake, long deletes) {
        return brake.percent() == 0 ? Long.MAX_VALUE : (deletes * 100 + brake.percent() - 1) / brake.percent();
    }

    /** With so many live rows the percentage lets through as many deletes as any number of them does; without a percentage, none of them counts. */
    static long enough(EntityConfig.Brake brake) {
        return brake.percent() == 0 ? 0 : enough(brake, brake.rows());
    }

    /** So many deletes pass; one more, and all of them are held. */
    long most() {
        return Math.min(brake.rows(), Math.max(ALWAYS_FEW, live * brake.percent() / 100));
    }

    /**
     * Why the deletes of a run are held; empty when they may be published.
     *
     * @param deletes     those that no person has approved
     * @param emptyAnswer the source delivered no record at all
     * @param unconfirmed not every absence was asked for
     */
    Optional<String> reason(long deletes, boolean emptyAnswer, boolean unconfirmed) {
        if (deletes == 0) {
            return Optional.empty();
        }
        if (emptyAnswer) {
            return Optional.of("the source's answer was empty while " + live + " rows are live, so " + deletes + " deletes wait for approval");
        }
        if (deletes > brake.rows()) {
            return Optional.of(deletes + " deletes are more than the limit of " + brake.rows() + ", so they wait for approval");
        }
        if (deletes > most()) {
            return Optional.of(deletes + " deletes of " + live + " live rows are more than the limit of " + brake.percent() + " %, so they wait for approval");
        }
        return unconfirmed ? Optional.of(deletes + " deletes were not confirmed one by one, so they wait for approval") : Optional.empty();
    }
}
