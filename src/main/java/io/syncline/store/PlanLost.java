package io.syncline.store;

/** What was staged is there no more, so there is nothing to publish; a run that reads anew can. */
public final class PlanLost extends PublishFailure {
    PlanLost(String message) {
        super(message);
    }
}
