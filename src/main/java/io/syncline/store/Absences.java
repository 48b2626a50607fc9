package io.syncline.store;

import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows that a complete full run did not see. Whether that proves anything is for others to say (promise 6).
 * A row that agreed with the side after the run had begun may have come too late for its page, and one whose deletion is agreed already says nothing new:
 * neither is absent. A run that repairs looks at those whose deletion was rolled back all the same.
 * They are looked for once, all rows beside all that were seen; knowing nothing of a new run's rows, PostgreSQL's planner would compare every row with every
 * other, and is told not to.
 */
@Component
public class Absences {
    private static final String CANDIDATES = """
            (t.{side_hash} <> '\\x' or t.deleted_at is null and t.{side_base} is null and (select repair from syncline.run where id = ?))
              and t.{side_synced_at} < (select coalesce(started_at, requested_at) from syncline.run where id = ?)""";
    private static final String SEEN = SeenRows.ALL.replace(":run", "?");
    private static final String NOT_SEEN = "not exists (select from {seen} where n.row_id = t.row_id)".replace("{seen}", SEEN);
    /** Of a table of which nearly all was seen, numbers are enough to tell what was not, and the few rows that are left are looked up. */
    private static final String LOOKED_UP = """
            select ?, {entity}, k.{side_id}, k.row_id from (select t.row_id from {table} t where\s""" + NOT_SEEN + """
             offset 0) m, lateral (select t.row_id, t.{side_id} from {table} t
                where t.row_id = m.row_id and t.org_id = ? and t.{side_id} is not null and\s""" + CANDIDATES + " offset 0) k";
    private static final String ALL_READ = """
            select ?, {entity}, t.{side_id}, t.row_id from {table} t where t.org_id = ? and t.{side_id} is not null and\s""" + CANDIDATES + " and " + NOT_SEEN;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Mappings mappings;

    public Absences(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.mappings = new Mappings(jdbc);
    }

    /** A row that the source no longer showed, though it did when last agreed; also one that was deleted here meanwhile. */
    public record Absent(String key, Stored stored) {
    }

    /** How many different records a run has been shown, by whoever worked on it. */
    public long shown(long run, SyncConfig sync, EntityConfig entity) {
        String query = new EntityTable(sync, entity).fill("""
                select count(*) from (
                    select t.{side_id} from {seen} join {table} t on t.row_id = n.row_id
                    union
                    select s.key from {staging} s where s.run_id = ? and s.key is not null) as shown""".replace("{seen}", SEEN));
        return jdbc.queryForObject(query, Long.class, run, run);
    }

    /**
     * The next absent rows in the order of their keys.
     *
     * @param afterKey the last key of the batch before, or null for the first
     */
    public List<Absent> next(long run, SyncConfig sync, EntityConfig entity, String organisation, String afterKey, int limit) {
        EntityTable table = new EntityTable(sync, entity);
        Mappings.InForce mapping = mappings.inForce(sync, entity);
        if (afterKey == null || !isLookedFor(table, run)) {
            lookFor(table, run, organisation);
        }
        String query = "select " + StoredStates.columns(table, mapping) + table.fill("""

                from syncline_staging.absent a join {table} t on t.row_id = a.row_id
                where a.run_id = ? and a.entity = {entity} and a.key > ? and t.org_id = ? and\s""" + CANDIDATES + " order by a.key limit ?");
        return jdbc.query(query, (row, number) -> new Absent(row.getString(3), StoredStates.stored(row, mapping)), run, afterKey == null ? "" : afterKey,
                organisation, run, run, limit);
    }

    /** What had been found when there were batches before it is there still, unless whoever found it kept it nowhere. */
    private boolean isLookedFor(EntityTable table, long run) {
        return Boolean.TRUE.equals(jdbc.queryForObject(table.fill("select exists (select from syncline_staging.absent where run_id = ? and entity = {entity})"),
                Boolean.class, run));
    }

    private void lookFor(EntityTable table, long run, String organisation) {
        transaction.executeWithoutResult(status -> {
            jdbc.execute("select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true), set_config('synchronous_commit', 'off', true)");
            jdbc.update(table.fill("delete from syncline_staging.absent where run_id = ? and entity = {entity}"), run);
            boolean few = isNearlyAllSeen(table, run);
            String insert = "insert into syncline_staging.absent (run_id, entity, key, row_id) ";
            jdbc.update(table.fill(insert + (few ? LOOKED_UP : ALL_READ)), few ? new Object[] {run, run, organisation, run, run}
                    : new Object[] {run, organisation, run, run, run});
        });
    }

    /** By PostgreSQL's statistics: where they are out of date, the slower way is taken, and it leads to the same rows. */
    boolean isNearlyAllSeen(EntityTable table, long run) {
        return Boolean.TRUE.equals(jdbc.queryForObject(table.fill("""
                select c.reltuples >= 0 and c.reltuples <= 1.1 * (select coalesce(sum(cardinality(g.seen)), 0) from syncline_staging.page g
                                                                  where g.run_id = ? and g.entity = {entity})
                from pg_class c where c.oid = {regclass}::regclass""".replace("{regclass}", EntityTable.literal(table.name("table")))), Boolean.class, run));
    }
}
