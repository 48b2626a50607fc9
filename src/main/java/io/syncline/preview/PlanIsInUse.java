package io.syncline.preview;

import io.syncline.config.Explained;

/** A plan cannot be dropped while a run applies it. */
public final class PlanIsInUse extends RuntimeException implements Explained {
    private final long run;

    PlanIsInUse(long plan, long run) {
        super("Plan " + plan + " is being applied by run " + run + ". Wait for that to end, or cancel it.");
        this.run = run;
    }

    public long run() {
        return run;
    }
}
