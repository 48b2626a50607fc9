package io.syncline.store;

import io.syncline.change.Classifier;
import io.syncline.change.Outcome;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What there is at all in the plan of a run: a statement about what it does not hold would read all of it for nothing.
 *
 * @param counts    how many staged records have which outcome; outcomes that none has are left out
 * @param rows      something is about rows that are there already
 * @param content   something makes a version
 * @param undecided something came that nothing tells the order of
 */
record PlanFacts(Map<Outcome, Long> counts, boolean rows, boolean content, boolean undecided) {
    private static final Set<Outcome> VERSIONS = EnumSet.of(Outcome.CREATE, Outcome.LINK, Outcome.UPDATE, Outcome.REMAPPED, Outcome.RESTORE, Outcome.DELETE);
    private static final Set<Outcome> WAITING = EnumSet.of(Outcome.REJECTED, Outcome.PARKED, Outcome.HELD);

    static PlanFacts of(JdbcClient sql, EntityTable table, long run) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        boolean[] found = new boolean[3];
        sql.sql(table.fill("""
                select outcome, count(*), bool_or(row_id is not null), bool_or(writes), bool_or(starts_with(reason,\s""")
                + EntityTable.literal(Classifier.UNDECIDED) + table.fill(")) from {staging} where run_id = ? group by outcome")).param(run).query(row -> {
                    Outcome outcome = Outcome.valueOf(row.getString(1).toUpperCase(Locale.ROOT));
                    counts.put(outcome, row.getLong(2));
                    found[0] |= row.getBoolean(3);
                    found[1] |= VERSIONS.contains(outcome) || outcome == Outcome.CONFLICT && row.getBoolean(4);
                    found[2] |= outcome == Outcome.STALE && row.getBoolean(5);
                });
        return new PlanFacts(counts, found[0], found[1], found[2]);
    }

    /** Something waits for a person, a parent or its next attempt. */
    boolean waiting() {
        return WAITING.stream().anyMatch(counts::containsKey);
    }
}
