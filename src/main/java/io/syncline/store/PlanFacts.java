package io.syncline.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What there is at all in the plan of a run: a statement about what it does not hold would read all of it for nothing.
 *
 * @param rows    something is about rows that are there already
 * @param waiting something waits for a person, a parent or its next attempt
 */
record PlanFacts(boolean rows, boolean waiting) {
    static PlanFacts of(JdbcClient sql, EntityTable table, long run) {
        return sql.sql(table.fill("""
                select coalesce(bool_or(row_id is not null), false), coalesce(bool_or(outcome in ('rejected', 'parked', 'held')), false)
                from {staging} where run_id = ?""")).param(run).query((row, n) -> new PlanFacts(row.getBoolean(1), row.getBoolean(2))).single();
    }
}
