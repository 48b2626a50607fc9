package io.syncline.run;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;

import java.util.ArrayList;
import java.util.List;

/** Neighbours on a page that go the same way, and so go it together: a step for each record would cost more than judging it. At least one. */
public final class Stretch {
    private final List<Change> changes = new ArrayList<>();

    private Stretch(Change first) {
        changes.add(first);
    }

    /** The same changes in the same order, those together that go the same way. */
    static List<Stretch> of(List<Change> changes) {
        List<Stretch> stretches = new ArrayList<>();
        Stretch last = null;
        for (Change change : changes) {
            if (last != null && last.goesLike(change)) {
                last.changes.add(change);
            } else {
                last = new Stretch(change);
                stretches.add(last);
            }
        }
        return stretches;
    }

    /** Where they go. */
    public String channel() {
        return changes.get(0).outcome().channel();
    }

    /** There is something to be noted of them, though they stay as they are. */
    public boolean isWorthNoting() {
        return changes.get(0).isWorthNoting();
    }

    /** Nothing tells what came first, so they have to be read again. */
    public boolean isUndecided() {
        return changes.get(0).isUndecided();
    }

    List<Change> changes() {
        return changes;
    }

    /** All of them set aside. */
    Stretch rejected() {
        return of(changes.stream().map(change -> Classifier.unjudged(change.observed(), change.stored())).toList()).get(0);
    }

    @Override
    public String toString() {
        return changes.size() + (changes.size() == 1 ? " record" : " records") + " on the way to " + channel();
    }

    private boolean goesLike(Change change) {
        Outcome outcome = changes.get(0).outcome();
        return (outcome == change.outcome() || channel().equals(change.outcome().channel())) && isWorthNoting() == change.isWorthNoting()
                && isUndecided() == change.isUndecided();
    }
}
