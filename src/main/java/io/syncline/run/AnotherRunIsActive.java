package io.syncline.run;

import io.syncline.config.Explained;

/** A different run of the same sync and organisation is active (promise 22). */
public final class AnotherRunIsActive extends RuntimeException implements Explained {
    private final long active;

    public AnotherRunIsActive(long active, String message) {
        super(message);
        this.active = active;
    }

    /** The number of the run that is active. */
    public long active() {
        return active;
    }
}
