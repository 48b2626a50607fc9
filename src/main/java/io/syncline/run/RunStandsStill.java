package io.syncline.run;

import io.syncline.config.Explained;

/** The database did not even take the end of a run. It is taken over when it does again. */
public final class RunStandsStill extends RuntimeException implements Explained {
    private final long run;

    RunStandsStill(long run, String message, Throwable cause) {
        super(message, cause);
        this.run = run;
    }

    public long run() {
        return run;
    }
}
