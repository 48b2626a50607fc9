package io.syncline.store;

import io.syncline.change.Classifier;
import io.syncline.change.Outcome;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What there is at all in the plan of a run: a statement about what it does not hold would read all of it for nothing.
 *
 * @param counts     how many staged records have which outcome; outcomes that none has are left out
 * @param rows       something is about rows that are there already
 * @param content    something makes a version
 * @param undecided  something came that nothing tells the order of
 * @param shownAgain something that is about a row may have been shown again on a later page
 * @param current    nothing has changed the plan since
 */
public record PlanFacts(Map<Outcome, Long> counts, boolean rows, boolean content, boolean undecided, boolean shownAgain, boolean current) {
    private static final Set<Outcome> VERSIONS = EnumSet.of(Outcome.CREATE, Outcome.LINK, Outcome.UPDATE, Outcome.REMAPPED, Outcome.RESTORE, Outcome.DELETE);
    private static final Set<Outcome> WAITING = EnumSet.of(Outcome.REJECTED, Outcome.PARKED, Outcome.HELD);
    private static final String LOOK = """
            select outcome, count(*), bool_or(row_id is not null), bool_or(writes), bool_or(starts_with(reason, {undecided})),
                   min(page) filter (where row_id is not null) < (select max(g.number) from syncline_staging.page g
                                                                  where g.run_id = :run and g.entity = {entity})
            from {staging} where run_id = :run group by outcome""".replace("{undecided}", EntityTable.literal(Classifier.UNDECIDED));

    static PlanFacts of(JdbcClient sql, EntityTable table, long run) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        boolean[] found = new boolean[4];
        sql.sql(table.fill(LOOK)).param("run", run).query(row -> {
            Outcome outcome = Outcome.valueOf(row.getString(1).toUpperCase(Locale.ROOT));
            counts.put(outcome, row.getLong(2));
            found[0] |= row.getBoolean(3);
            found[1] |= VERSIONS.contains(outcome) || outcome == Outcome.CONFLICT && row.getBoolean(4);
            found[2] |= outcome == Outcome.STALE && row.getBoolean(5);
            found[3] |= row.getBoolean(6);
        });
        return new PlanFacts(counts, found[0], found[1], found[2], found[3], true);
    }

    /** The plan is changed; by that nothing is shown again that was not. */
    public PlanFacts changed() {
        return new PlanFacts(counts, rows, content, undecided, shownAgain, false);
    }

    PlanFacts shownAgain(boolean shown) {
        return new PlanFacts(counts, rows, content, undecided, shown, current);
    }

    /** Something is deleted, or its delete is held. */
    public boolean deletes() {
        return any(Outcome.DELETE, Outcome.HELD);
    }

    boolean any(Outcome... outcomes) {
        return Arrays.stream(outcomes).anyMatch(counts::containsKey);
    }

    long size() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Something waits for a person, a parent or its next attempt. */
    boolean waiting() {
        return WAITING.stream().anyMatch(counts::containsKey);
    }
}
