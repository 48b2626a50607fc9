package io.syncline.preview;

import io.syncline.config.Explained;

/** The whole of a plan was applied before; what was set aside then has moved for good. */
public final class AlreadyApplied extends RuntimeException implements Explained {
    private final long run;

    AlreadyApplied(long plan, long run) {
        super("Plan " + plan + " was applied already, by run " + run + ". What that run set aside has moved for good: ask for a new preview to see it.");
        this.run = run;
    }

    /** The run that applied it. */
    public long run() {
        return run;
    }
}
