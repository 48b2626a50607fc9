package io.syncline.preview;

import io.syncline.config.Explained;

/** A run that cannot be taken back: it published nothing, or not yet. */
public final class CannotBeRolledBack extends RuntimeException implements Explained {
    private final long run;
    private final boolean underWay;

    CannotBeRolledBack(long run, boolean underWay, String message) {
        super(message);
        this.run = run;
        this.underWay = underWay;
    }

    public long run() {
        return run;
    }

    /** It may be different when the run has ended. */
    public boolean isUnderWay() {
        return underWay;
    }
}
