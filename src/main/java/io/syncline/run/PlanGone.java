package io.syncline.run;

import io.syncline.config.Explained;

/** A plan is not kept any more, or its staged rows are lost; the message says why, and that a new preview helps. */
public final class PlanGone extends RuntimeException implements Explained {
    public PlanGone(String message) {
        super(message);
    }
}
