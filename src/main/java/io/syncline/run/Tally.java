package io.syncline.run;

import io.syncline.change.Change;
import io.syncline.change.Outcome;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of the records of one page. What is planned is counted from the plan, everything else here; so every record is counted once. */
public final class Tally {
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    private final Map<String, Outcome> named = new HashMap<>();
    private final List<Change> planned = new ArrayList<>();

    void count(Outcome outcome) {
        counts.merge(outcome, 1, Integer::sum);
    }

    /** For runs that tell what became of each record. */
    void name(String key, Outcome outcome) {
        named.put(key, outcome);
    }

    Map<String, Outcome> named() {
        return named;
    }

    void plan(Change change) {
        planned.add(change);
    }

    /** Outcomes of records that need no staging. */
    Map<Outcome, Integer> counts() {
        return counts;
    }

    List<Change> planned() {
        return planned;
    }
}
