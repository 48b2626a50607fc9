package io.syncline.run;

import io.syncline.config.Explained;

/** The run has ended, or its publish is under way. */
public final class CannotBeCancelled extends RuntimeException implements Explained {
    private final long run;

    public CannotBeCancelled(long run, String message) {
        super(message);
        this.run = run;
    }

    public long run() {
        return run;
    }
}
